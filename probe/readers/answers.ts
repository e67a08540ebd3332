import { Readable } from 'node:stream'
import { normalizeIP } from '@fastify/rate-limit'
import type { FastifyInstance, FastifyReply, FastifyRequest, onRequestHookHandler } from 'fastify'
import { readerLimits } from './limits.ts'
import { createPlaces } from './places.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whether an answer goes on until its reader leaves. */
    isStream?: true
  }
}

/**
 * Sends every answer in slices, and cuts it off at its deadline. A slow reader then holds a slice and what all readers share,
 * not an answer of its own: Node's TLS encrypts all that it is given at once.
 */
export function limitAnswers(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, next) => {
    if (request.routeOptions.config.isStream !== true) {
      const deadline = setTimeout(() => request.raw.socket.destroy(), readerLimits.answerMs)
      whenOver(request, reply, () => clearTimeout(deadline))
    }
    next()
  })
  app.addHook('onSend', async (_, reply, payload) => {
    const bytes = typeof payload === 'string' ? Buffer.from(payload) : payload
    if (!Buffer.isBuffer(bytes) || bytes.length <= readerLimits.sliceBytes) return payload
    reply.header('content-length', bytes.length)
    return Readable.from(slices(bytes))
  })
}

/** A hook that lets few answers be sent at once. A new one cuts off the oldest: who reads at once has been served by then. */
export function fewAnswers(): onRequestHookHandler {
  const places = createPlaces({ total: readerLimits.answers, perAddress: readerLimits.answersPerAddress })
  return (request, reply, next) => {
    if (request.routeOptions.config.isStream !== true) {
      const { socket } = request.raw
      const release = places.take(normalizeIP(request.ip), { mayLose: () => true, onLose: () => socket.destroy() })
      if (release !== undefined) whenOver(request, reply, release)
    }
    next()
  }
}

/** Calls once, when an answer has been sent or its connection has ended. An answer that waits behind another gets no such event. */
function whenOver(request: FastifyRequest, reply: FastifyReply, then: () => void): void {
  const { socket } = request.raw
  const over = () => {
    reply.raw.off('close', over)
    socket.off('close', over)
    then()
  }
  reply.raw.once('close', over)
  socket.once('close', over)
  if (socket.closed) over()
}

/** Bytes in parts, none of which is large. */
export function* slices(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += readerLimits.sliceBytes) {
    yield bytes.subarray(at, at + readerLimits.sliceBytes)
  }
}
