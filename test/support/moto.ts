import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { freePort } from './free-port.ts'
import { clientsPython } from './tools.ts'

/**
 * Starts moto, which answers as AWS's API does, on loopback.
 *
 * @param through the program that runs it, and its words, such as one that enters a network namespace
 */
export async function startMoto(
  through: readonly string[] = []
): Promise<{ readonly url: string; readonly stop: () => Promise<void> }> {
  const port = await freePort()
  const [program = '', ...words] = [...through, clientsPython, join(import.meta.dirname, 'aws-api.py')]
  const server = spawn(program, [...words, '-H', '127.0.0.1', '-p', String(port)], {
    stdio: ['ignore', 'ignore', 'pipe']
  })
  const exited = once(server, 'exit')
  let log = ''
  const listens = new Promise<void>((resolve, reject) => {
    server.stderr.on('data', (chunk: Buffer) => {
      log += chunk
      if (log.includes('Running on')) resolve()
    })
    server.once('exit', () => reject(new Error(`moto ended: ${log}`)))
  })
  await listens
  return {
    url: `http://127.0.0.1:${port}`,
    stop: async () => {
      server.kill('SIGTERM')
      await exited
    }
  }
}
