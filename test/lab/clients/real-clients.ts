import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { clientsPython } from '../../support/tools.ts'
import { type Namespace, run, spawnIn } from '../namespace.ts'

/** Python's own HTTPS over glibc, curl, gRPC as the SDKs of Milvus have it (with a resolver of its own), and musl. */
export const clients = ['python', 'curl', 'grpc', 'musl'] as const
export type Client = (typeof clients)[number]

/** What a client printed, and how long it took. */
export interface Printed {
  readonly printed: string
  readonly seconds: number
}

/** What real clients print. */
export type AllPrinted = Readonly<Record<Client, Printed>>

/** Real clients in a namespace. */
export interface RealClients extends AsyncDisposable {
  /** Lets all of them ask the host at once; each gives up after so many seconds. */
  readonly ask: (link: Link) => Promise<AllPrinted>
}

interface Link {
  readonly host: string
  readonly port: number
  readonly seconds: number
}

/** What they need beside what the lab needs. */
export const clientTools = ['curl', 'musl', 'grpc'] as const

/**
 * Starts real clients.
 *
 * @param trusted the authorities that they trust, in PEM
 */
export async function startRealClients(namespace: Namespace, trusted: string): Promise<RealClients> {
  await using stack = new AsyncDisposableStack()
  const directory = await mkdtemp(join(tmpdir(), 'real-clients-'))
  stack.defer(() => rm(directory, { recursive: true, force: true }))
  const [ca, musl] = [join(directory, 'ca.pem'), join(directory, 'resolve')]
  await writeFile(ca, trusted)
  await run('musl-gcc', '-static', '-o', musl, join(import.meta.dirname, 'resolve.c'))
  const child = spawnIn(namespace, [clientsPython, join(import.meta.dirname, 'clients.py')], 'lines')
  stack.defer(() => void child.kill('SIGKILL'))
  child.stderr?.pipe(process.stderr)
  const { stdin, stdout } = child
  if (stdin === null || stdout === null) throw new Error('the clients have no input or no output')
  const lines = createInterface({ input: stdout })
  stack.defer(() => lines.close())
  const ended = new AbortController()
  child.once('exit', () => ended.abort(new Error('the clients ended')))
  const opened = stack.move()
  return {
    ask: async link => {
      const answered = once(lines, 'line', { signal: AbortSignal.any([ended.signal, AbortSignal.timeout(30_000)]) })
      stdin.write(`${JSON.stringify({ ...link, ca, musl })}\n`)
      const [line] = await answered
      return JSON.parse(line)
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync()
  }
}
