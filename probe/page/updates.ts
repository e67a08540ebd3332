import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Board, Row } from './board.ts'
import { shown, summary, type Watched } from './document.ts'
import type { View } from './view.ts'

/** What has changed on a page that somebody looks at; nothing of it if nothing has. */
export interface Update {
  readonly summary?: string
  readonly shown?: string
  readonly rows?: readonly Row[]
  /** The list is another one: hosts came or went, or the probe was started again. */
  readonly reload?: true
}

/** What a page had when it was made. */
export interface Had {
  readonly edition: string
  readonly revision: number
}

/** No more than one update in this time, whatever happens. */
const leastMs = 1000
/** An update at least in this time, if an empty one: by it a page knows that it is not cut off. */
const mostMs = 10_000

/** Watches for what changes, and tells it a page until the signal is aborted. */
export async function* updates(
  { onChange, ...watched }: Watched & { readonly onChange: (tell: () => void, signal: AbortSignal) => void },
  board: Board,
  view: View,
  had: Had,
  signal: AbortSignal
): AsyncGenerator<Update> {
  const changes = new EventTarget()
  let hasChanged = true
  onChange(() => {
    hasChanged = true
    changes.dispatchEvent(new Event('change'))
  }, signal)
  let { revision } = had
  let sent = { summary: '', shown: '' }
  try {
    for (;;) {
      if (board.edition() !== had.edition) {
        yield { reload: true }
        return
      }
      const now = { summary: summary(watched), shown: shown(watched, view) }
      const rows = board.since(revision)
      revision = board.revision()
      yield {
        ...(now.summary === sent.summary ? {} : { summary: now.summary }),
        ...(now.shown === sent.shown ? {} : { shown: now.shown }),
        ...(rows.length === 0 ? {} : { rows })
      }
      sent = now
      hasChanged = false
      await sleep(leastMs, undefined, { signal })
      if (!hasChanged) await changeOrTimeout(changes, signal)
    }
  } catch (error) {
    if (!signal.aborted) throw error
  }
}

async function changeOrTimeout(changes: EventTarget, signal: AbortSignal): Promise<void> {
  const late = AbortSignal.timeout(mostMs - leastMs)
  try {
    await once(changes, 'change', { signal: AbortSignal.any([signal, late]) })
  } catch (error) {
    if (!late.aborted || signal.aborted) throw error
  }
}
