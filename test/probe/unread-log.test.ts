import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, constants, openSync, readSync, writeSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { describe, expect, onTestFinished, test } from 'vitest'
import { mostUnreadBytes, openLog } from '../../probe/log.ts'

const patience = { timeout: 30_000, interval: 50 }
const config = JSON.stringify({
  targets: [],
  resolvers: [{ name: 'vpc', address: '127.0.0.1', port: 1 }],
  libcIntervalSeconds: 0,
  listen: { port: 0 }
})

/** A pipe with a name, so that its two ends can be opened and closed one by one. */
async function makePipe() {
  const directory = await mkdtemp(join(tmpdir(), 'unread-log-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  const path = join(directory, 'pipe')
  await execa('mkfifo', [path])
  // Open for reading and writing waits for no other end.
  const both = openSync(path, constants.O_RDWR | constants.O_NONBLOCK)
  const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  const writer = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK)
  closeSync(both)
  return { reader, writer }
}

/** Reads what there is, and nothing where there is nothing. */
function read(descriptor: number): string {
  const buffer = Buffer.alloc(65_536)
  try {
    return buffer.toString('utf8', 0, readSync(descriptor, buffer))
  } catch {
    return ''
  }
}

/** Fills a pipe that nobody reads. */
function fill(descriptor: number): void {
  try {
    for (;;) writeSync(descriptor, ' '.repeat(4096))
  } catch {
    // It is full.
  }
}

/** Starts the probe with these streams, and waits until it listens. */
async function startWith(stdout: number, stderr: number | 'ignore', seen: () => string) {
  const child = spawn(process.execPath, ['probe/server.ts'], {
    stdio: ['ignore', stdout, stderr],
    env: { ...process.env, PROBE_CONFIG: config }
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  let log = ''
  await expect
    .poll(() => {
      log += seen()
      return log
    }, patience)
    .toContain('Server listening at ')
  return { child, ended: once(child, 'close') }
}

const signals = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const

describe('the probe ends in order, with 0,', () => {
  test.for(signals)('at %s after the reader of its log is gone', async signal => {
    const { reader, writer } = await makePipe()
    const { child, ended } = await startWith(writer, writer, () => read(reader))
    closeSync(writer)
    closeSync(reader)
    child.kill(signal)
    expect(await ended).toEqual([0, null])
  })

  test.for(signals)('at %s while the reader of its log does not read', async signal => {
    const { reader, writer } = await makePipe()
    const { child, ended } = await startWith(writer, 'ignore', () => read(reader))
    fill(writer)
    child.kill(signal)
    expect(await ended).toEqual([0, null])
  })

  test('at a second signal within the first, which npm sends after a Ctrl-C', async () => {
    const { reader, writer } = await makePipe()
    const { child, ended } = await startWith(writer, 'ignore', () => read(reader))
    // It waits for the reader, so the second signal comes within the closing.
    fill(writer)
    child.kill('SIGINT')
    await new Promise(resolve => setTimeout(resolve, 200))
    child.kill('SIGINT')
    expect(await ended).toEqual([0, null])
  })
})

describe('the log', () => {
  test('keeps lines for a reader that is late, and writes them before it is closed', async () => {
    const { reader, writer } = await makePipe()
    const log = openLog(writer)
    fill(writer)
    log.write('late\n')
    const closed = log.close()
    let seen = ''
    await expect
      .poll(() => {
        seen += read(reader)
        return seen.trim()
      }, patience)
      .toBe('late')
    await closed
  })

  test('drops lines for a reader that never reads, instead of keeping all of them', async () => {
    const { reader, writer } = await makePipe()
    fill(writer)
    const log = openLog(writer)
    const line = `${'x'.repeat(1023)}\n`
    for (let written = 0; written < 3 * mostUnreadBytes; written += line.length) log.write(line)
    let seen = ''
    await expect
      .poll(() => {
        for (let text = read(reader); text !== ''; text = read(reader)) seen += text
        return seen.trimStart().length
      }, patience)
      .toBe(mostUnreadBytes)
    await log.close()
  })

  test('goes on after a write that failed, and drops what comes after it is closed', async () => {
    const log = openLog(openSync('/dev/full', 'w'))
    log.write('no room\n')
    await log.close()
    log.write('too late\n')
    await log.close()
  })
})
