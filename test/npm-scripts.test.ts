import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { describe, expect, onTestFinished, test } from 'vitest'
import packageFile from '../package.json' with { type: 'json' }
import { ctrlC, openTerminal } from './support/terminal.ts'

const config = JSON.stringify({
  targets: [],
  resolvers: [{ name: 'vpc', address: '127.0.0.1', port: 1 }],
  libcIntervalSeconds: 0,
  listen: { port: 0 }
})
const listening = /Server listening at (http:\/\/[^"]+)/

/** Runs an npm script as a supervisor does, and waits until the probe in it listens. */
async function startByNpm() {
  const child = spawn('npm', ['start'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, PROBE_CONFIG: config }
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const ended = once(child, 'close')
  for await (const line of createInterface(child.stdout)) {
    const [, url] = listening.exec(line) ?? []
    if (url !== undefined) return { child, url, ended }
  }
  throw new Error(`npm ended with ${await ended}`)
}

const isServed = (url: string) =>
  fetch(url).then(
    () => true,
    () => false
  )

describe('npm start', () => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    test(`ends with 0 at ${signal}, and no probe lives on`, async () => {
      const { child, url, ended } = await startByNpm()
      expect(await isServed(url)).toBe(true)
      child.kill(signal)
      expect(await ended).toEqual([0, null])
      expect(await isServed(url)).toBe(false)
    })
  }

  test('ends with 0 at Ctrl-C in a terminal, where npm sends the signal on to who has it already', async () => {
    const { shows, shown, type, ended } = openTerminal('npm start', { env: { PROBE_CONFIG: config } })
    await shows(listening)
    type(ctrlC)
    expect(await ended).toBe(0)
    expect(shown()).toContain('"msg":"closed"')
  })

  test('ends with 0 at Ctrl-C within a pipeline whose reader the same Ctrl-C has ended', async () => {
    const pipeline = `bash -c 'trap : INT; npm start | cat; echo "npm ended with \${PIPESTATUS[0]}"'`
    const { shows, type, ended } = openTerminal(pipeline, { env: { PROBE_CONFIG: config } })
    await shows(listening)
    type(ctrlC)
    await shows('npm ended with 0')
    await ended
  })

  test('ends when its terminal is closed', async () => {
    const { shows, shown, hangUp } = openTerminal('npm start', { env: { PROBE_CONFIG: config } })
    await shows(listening)
    const [, url = ''] = listening.exec(shown()) ?? []
    hangUp()
    await expect.poll(() => isServed(url), { timeout: 20_000 }).toBe(false)
  })
})

describe('every npm script hands its process over to the program, so that a signal reaches it', () => {
  test.for(Object.entries(packageFile.scripts))('%s', ([, script]) => {
    expect(script.split('&& ').at(-1)).toMatch(/^(?:[A-Z_]+=\S+ )*exec /)
  })
})
