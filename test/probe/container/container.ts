import { readFile } from 'node:fs/promises'
import { execa, type Result } from 'execa'
import { onTestFinished } from 'vitest'
import type { Image } from './image.ts'

type Ended = Pick<Result, 'exitCode' | 'stdout' | 'stderr'>

/** A process in an image, as a container engine starts it. */
export interface Container {
  /** The process, as seen from here. */
  readonly pid: () => Promise<number>
  readonly ended: Promise<Ended>
  /** Runs a command beside it, as `docker exec` does. */
  readonly run: (...words: readonly string[]) => Promise<Ended>
}

interface Start {
  /** The command. Left out, the image's own. */
  readonly words?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** A file for what it says on stderr; a pipe that is full loses what Node says about itself. */
  readonly told?: string
}

/** Nothing can be written anywhere, and the network is a loopback interface of the container's own. */
const readOnly = `
mount --bind "$1" "$1"
mount --bind /dev "$1/dev"
mount --options remount,bind,ro "$1/dev"
mount --types proc proc "$1/proc"
mount --options remount,bind,ro "$1"
ip link set lo up
root=$1 user=$2 directory=$3
shift 3
exec chroot --userspec="$user" "$root" env --chdir="$directory" "$@"
`

/** Starts a process as the first of its namespace, as the image's user; it is killed when the test is over. */
export function startContainer(image: Image, { words = image.entrypoint, env = {}, told }: Start = {}): Container {
  const options = { env: { ...image.env, HOME: '/home/node', ...env }, extendEnv: false, reject: false } as const
  const [uid = '', gid = ''] = image.user.split(':')
  // The kernel forgets whom to kill with its parent when a process changes its user, so the outer of two namespaces,
  // which stays root's, takes the inner one with it.
  const outer = '--pdeathsig=KILL unshare --pid --fork --kill-child unshare --mount --net --pid --fork'.split(' ')
  const inner = ['sh', '-eu', '-c', readOnly, 'sh', image.root, image.user, image.directory, ...words]
  const child = execa('setpriv', [...outer, ...inner], {
    ...options,
    ...(told === undefined ? {} : { stderr: { file: told } })
  })
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await child
  })
  const pid = async () => onlyChild(await onlyChild(child.pid))
  return {
    pid,
    ended: child,
    run: async (...command) => {
      const namespaces = ['--target', String(await pid()), '--mount', '--net', '--pid', '--root', '--wd']
      return execa('nsenter', [...namespaces, '--setuid', uid, '--setgid', gid, ...command], options)
    }
  }
}

async function onlyChild(pid: number | undefined): Promise<number> {
  return Number(await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8'))
}
