import { execa } from 'execa'
import { expect, onTestFinished } from 'vitest'

/** A terminal with one program in it, which is its foreground process group and leads its session. */
export interface Terminal {
  /** All that it shows so far. */
  readonly shown: () => string
  /** Waits until it shows this. */
  readonly shows: (text: string | RegExp) => Promise<void>
  readonly type: (keys: string) => void
  /** Closes it, as a person closes a window or loses a connection: the kernel sends SIGHUP. */
  readonly hangUp: () => void
  /** What the program ended with: 128 and the signal's number if a signal ended it. */
  readonly ended: Promise<number | undefined>
}

/** Ctrl-C: the terminal sends SIGINT to every process of the foreground group. */
export const ctrlC = '\x03'

interface TerminalOptions {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly patienceMs?: number
}

/** Opens a pseudo-terminal by script(1) of util-linux and runs a command line in it; it ends with the test. */
export function openTerminal(command: string, { cwd = '.', env = {}, patienceMs = 60_000 }: TerminalOptions = {}) {
  const child = execa('script', ['--quiet', '--return', '--flush', '--command', `exec ${command}`, '/dev/null'], {
    cwd,
    env,
    preferLocal: true,
    localDir: import.meta.dirname,
    reject: false,
    all: true,
    buffer: false,
    timeout: patienceMs * 2
  })
  let shown = ''
  child.all.setEncoding('utf8').on('data', text => {
    shown += text
  })
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await child
  })
  const terminal: Terminal = {
    shown: () => shown,
    shows: async text => {
      await expect.poll(() => shown, { timeout: patienceMs, interval: 20 }).toMatch(text)
    },
    type: keys => void child.stdin.write(keys),
    hangUp: () => void child.kill('SIGKILL'),
    ended: child.then(({ exitCode }) => exitCode)
  }
  return terminal
}
