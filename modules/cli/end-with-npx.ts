import { readFileSync } from 'node:fs'

const checkMs = 250

/**
 * Sends this process a SIGTERM when the npx that runs it has ended. npx passes a signal on to the shell that runs the command, and
 * the shell ends without passing it on. The command would keep its port, or continue to deploy.
 *
 * @param commandOfNpm what npm says of itself in the environment: `exec` for npx
 */
export function endWithNpx(commandOfNpm: string | undefined): void {
  if (commandOfNpm !== 'exec') return
  const parent = process.ppid
  const isByShell = isShell(parent)
  const npx = parentOf(parent)
  const timer = setInterval(() => {
    if (process.ppid === parent && (!isByShell || parentOf(parent) === npx)) return
    clearInterval(timer)
    process.kill(process.pid, 'SIGTERM')
  }, checkMs).unref()
}

/** Whether a process is `sh -c …`. Some shells do not stay for their last command, and then npx itself is the parent. */
function isShell(pid: number): boolean {
  return read(pid, 'cmdline').split('\0')[1] === '-c'
}

function parentOf(pid: number): string | undefined {
  return /^PPid:\s*(\d+)$/m.exec(read(pid, 'status'))?.[1]
}

/** What Linux tells of a process. Elsewhere, and of one that has ended, it is nothing. */
function read(pid: number, file: 'cmdline' | 'status'): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    return ''
  }
}
