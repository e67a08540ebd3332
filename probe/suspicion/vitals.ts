import { readdir, readFile } from 'node:fs/promises'
import { networkInterfaces } from 'node:os'

/** What the probe feels of the machine that it runs on. */
export interface Vitals {
  /** Seconds that the event loop was late by since the last beat. */
  readonly stalledSeconds: number
  /** Seconds by which the wall clock went more than the monotonic one since the last beat; negative if it went back. */
  readonly steppedSeconds: number
  readonly openFiles: number
  /** Infinity if the system does not tell. */
  readonly mostOpenFiles: number
  /** Whether any interface but loopback has an address. */
  readonly hasAddress: boolean
}

/** A pulse, until stopped. */
export interface Pulse {
  /** Feels now, out of turn: a round that ends right after a stall comes before the next beat. */
  readonly beat: () => void
  readonly stop: () => void
}

/** The clocks that a pulse compares. */
export interface Clocks {
  /** Milliseconds of a monotonic clock. */
  readonly monotonic: () => number
  /** Milliseconds of Unix time. */
  readonly wall: () => number
}

const systemClocks: Clocks = { monotonic: () => performance.now(), wall: () => Date.now() }

const beatMs = 250
const countMs = 5000

/** Feels the machine's pulse four times a second; files and interfaces less often, for they cost more. */
export function startPulse(feel: (vitals: Vitals) => void, clocks: Clocks = systemClocks): Pulse {
  let last = { monotonic: clocks.monotonic(), wall: clocks.wall() }
  let files = { openFiles: 0, mostOpenFiles: Number.POSITIVE_INFINITY }
  let hasAddress = true
  let stopped = false

  const beat = () => {
    const now = { monotonic: clocks.monotonic(), wall: clocks.wall() }
    const passed = now.monotonic - last.monotonic
    const stepped = now.wall - last.wall - passed
    last = now
    feel({
      stalledSeconds: Math.max(0, passed - beatMs) / 1000,
      steppedSeconds: stepped / 1000,
      ...files,
      hasAddress
    })
  }
  const count = async () => {
    hasAddress = Object.values(networkInterfaces()).some(addresses => addresses?.some(({ internal }) => !internal))
    const counted = await countFiles()
    if (!stopped) files = counted
  }
  void count()
  const timers = [setInterval(beat, beatMs).unref(), setInterval(() => void count(), countMs).unref()]
  return {
    beat,
    stop: () => {
      stopped = true
      for (const timer of timers) clearInterval(timer)
    }
  }
}

async function countFiles(): Promise<Pick<Vitals, 'openFiles' | 'mostOpenFiles'>> {
  try {
    const [open, limits] = await Promise.all([readdir('/proc/self/fd'), readFile('/proc/self/limits', 'utf8')])
    const [, most = ''] = /^Max open files\s+(\d+)/m.exec(limits) ?? []
    return { openFiles: open.length, mostOpenFiles: most === '' ? Number.POSITIVE_INFINITY : Number(most) }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error
    // Without /proc the number is not known. If no descriptor is left to read it, that is the answer.
    return error.code === 'EMFILE' || error.code === 'ENFILE'
      ? { openFiles: 1, mostOpenFiles: 1 }
      : { openFiles: 0, mostOpenFiles: Number.POSITIVE_INFINITY }
  }
}
