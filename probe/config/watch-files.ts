import { createHash } from 'node:crypto'
import { type FSWatcher, watch } from 'node:fs'
import { dirname } from 'node:path'
import { readBytes } from './read-bytes.ts'

/** Watches files until closed. */
export interface FileWatch {
  /** Watches these from now on. */
  readonly follow: (files: readonly string[]) => Promise<void>
  readonly close: () => void
}

/** A change comes in several events: Kubernetes makes a directory, a link, and swaps it for the old one. */
const settleMs = 100

/**
 * Tells when what files hold has changed. Watches their directories, since editors and Kubernetes put another file or
 * link in a file's place, and looks every so often as well, since a bind mount and a network file system tell nothing.
 */
export function watchFiles(onChange: () => void, { pollMs = 5000 }: { readonly pollMs?: number } = {}): FileWatch {
  let held = new Map<string, string>()
  let closed = false
  let settling: NodeJS.Timeout | undefined
  let watchers: readonly FSWatcher[] = []
  const poll = setInterval(() => void compare(), pollMs).unref()

  const compare = async () => {
    const followed = held
    const now = await digests([...followed.keys()])
    if (closed || followed !== held || [...now].every(([file, digest]) => digest === held.get(file))) return
    held = now
    onChange()
  }
  const soon = () => {
    clearTimeout(settling)
    settling = setTimeout(() => void compare(), settleMs)
  }
  const stop = () => {
    for (const watcher of watchers) watcher.close()
    watchers = []
  }

  return {
    follow: async files => {
      const now = await digests(files)
      if (closed) return
      // A file that was followed before keeps its digest, so a change since then is still reported.
      held = new Map([...now].map(([file, digest]) => [file, held.get(file) ?? digest]))
      stop()
      watchers = [...new Set(files.map(file => dirname(file)))].flatMap(directory => openWatcher(directory, soon))
    },
    close: () => {
      closed = true
      clearInterval(poll)
      clearTimeout(settling)
      stop()
    }
  }
}

/** Where events are not to be had, the poll is enough. */
function openWatcher(directory: string, onEvent: () => void): readonly FSWatcher[] {
  try {
    const watcher = watch(directory, { persistent: false }, onEvent)
    watcher.on('error', () => watcher.close())
    return [watcher]
  } catch (error) {
    if (error instanceof Error && 'code' in error) return []
    throw error
  }
}

async function digests(files: readonly string[]): Promise<Map<string, string>> {
  return new Map(await Promise.all(files.map(async file => [file, await digest(file)] as const)))
}

async function digest(file: string): Promise<string> {
  const bytes = await readBytes(file)
  return 'mistake' in bytes ? bytes.mistake : createHash('sha256').update(bytes).digest('hex')
}
