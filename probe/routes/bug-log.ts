import { type FastifyReply, type FastifyRequest, LogController } from 'fastify'

/** Logs what is a bug, and none of the requests: a scrape every few seconds is nothing to tell. */
export class BugLog extends LogController {
  override incomingRequest(): void {}
  override requestCompleted(): void {}
  override routeNotFound(): void {}
  /** What the error handler was not told of is no bug: a wrong password, a request too many. */
  override defaultErrorLog(): void {}

  override streamError(error: Error, request: FastifyRequest, reply: FastifyReply): void {
    // Who asked went away.
    if ('code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE') return
    super.streamError(error, request, reply)
  }
}
