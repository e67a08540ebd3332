import { once, setMaxListeners } from 'node:events'
import { setImmediate, setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { readerLimits } from '../readers/limits.ts'
import type { Standing } from '../rounds/standing.ts'
import { article } from './article.ts'
import type { Board, BoardRow } from './board.ts'
import { type PageSource, shownTargets, summary } from './document.ts'
import { View } from './view.ts'

/** What has changed on an open page. Empty if nothing has. */
export interface Update {
  readonly summary?: string
  readonly shown?: string
  readonly rows?: readonly BoardRow[]
  /** The list is new: hosts were added or removed, or the probe was restarted. */
  readonly reload?: true
}

/** What a page had when it was made. */
export const Had = z.object({ edition: z.string().max(40), revision: z.coerce.number().int().min(0) })
export type Had = z.output<typeof Had>

/** Keeps pages up to date. */
export interface Updates {
  /** Follows what a page shows until the signal is aborted: each update as an event of an event stream, in one piece or more. */
  readonly follow: (view: View, had: Had, signal: AbortSignal) => AsyncGenerator<Buffer>
}

/** No more than one update in this time, whatever happens. */
const leastMs = 1000
/** An update at least in this time, if an empty one: by it a page knows that it is not cut off. */
const mostMs = 10_000
/** After so long, or a little later, a browser whose stream has ended opens another: not all of them at once. */
const retryMs = { least: 2000, spread: 6000 }

/** All that pages show at one moment, written once for all that show the same, when the first of them asks. */
interface Frame {
  readonly list: () => List
  readonly shown: (view: View) => string
}

interface List {
  readonly edition: string
  readonly revision: number
  readonly summary: string
  readonly rowsSince: (revision: number) => NewerRows
}

/** The rows that are newer than a revision. */
interface NewerRows {
  readonly count: number
  /** These, and perhaps some more. */
  readonly json: () => Buffer
}

/** Makes frames while anybody follows them: one a second at most, however many follow. */
export function keepUpdates(
  { onChange, ...watched }: PageSource & { readonly onChange: (tell: () => void, signal: AbortSignal) => void },
  board: Board
): Updates {
  const frames = new EventTarget()
  setMaxListeners(0, frames)
  let followers = 0
  let newest: Frame | undefined

  const makeFrames = async () => {
    const changes = new EventTarget()
    const ended = new AbortController()
    let hasChanged = false
    onChange(() => {
      hasChanged = true
      changes.dispatchEvent(new Event('change'))
    }, ended.signal)
    while (followers > 0) {
      hasChanged = false
      newest = frameOf(watched, board)
      frames.dispatchEvent(new Event('frame'))
      await sleep(leastMs, undefined, { ref: false })
      if (!hasChanged) await changeOrTimeout(changes)
    }
    ended.abort()
    newest = undefined
  }
  /** Not known to frames that came before it: a follower that is slow would hold all that came since. */
  const after = async (frame: Frame, signal: AbortSignal) => {
    try {
      if (newest === frame) await once(frames, 'frame', { signal })
      signal.throwIfAborted()
      return newest
    } catch (error) {
      if (!signal.aborted) throw error
      return undefined
    }
  }
  return {
    follow: async function* (view, had, signal) {
      followers += 1
      try {
        if (newest === undefined) void makeFrames()
        let frame = newest
        let before: { readonly revision: number; readonly summary?: string; readonly shown?: string } = had
        const isNew = () => before === had
        while (frame !== undefined) {
          const { edition, revision, summary, rowsSince } = frame.list()
          const rows = rowsSince(before.revision)
          if (edition !== had.edition || (isNew() && rows.count > readerLimits.missedRows))
            return yield event({ reload: true })
          const now = { revision, summary, shown: frame.shown(view) }
          if (isNew()) yield Buffer.from(`retry: ${Math.round(retryMs.least + Math.random() * retryMs.spread)}\n`)
          yield* pieces(
            {
              ...(now.summary === before.summary ? {} : { summary: now.summary }),
              ...(now.shown === before.shown ? {} : { shown: now.shown })
            },
            rows
          )
          before = now
          frame = await after(frame, signal)
          // Each in a turn of its own, however many follow.
          await setImmediate()
        }
      } finally {
        followers -= 1
      }
    }
  }
}

function frameOf(watched: PageSource, board: Board): Frame {
  const standings = watched.standings()
  const now: PageSource = { ...watched, standings: () => standings }
  const articles = remembered((standing: Standing) =>
    article(standing, watched.history(standing.target.name), watched.mayRequestRounds())
  )
  const views = remembered((json: string) => shownTargets(now, View.parse(JSON.parse(json)), articles))
  const lists = remembered((_: Board) => listOf(board, summary(now)))
  return { list: () => lists(board), shown: view => views(JSON.stringify(view)) }
}

function listOf(board: Board, summary: string): List {
  const rows = board.newestFirst()
  const newer = remembered((count: number) =>
    Buffer.from(JSON.stringify(rows.slice(0, count).map(({ name, rank, html }) => ({ name, rank, html }))))
  )
  return {
    edition: board.edition(),
    revision: board.revision(),
    summary,
    rowsSince: revision => {
      const first = rows.findIndex(row => row.revision <= revision)
      const count = first === -1 ? rows.length : first
      // Revisions come from readers. By powers of two, there are few kinds of answer that they can ask for.
      return { count, json: () => newer(Math.min(rows.length, 2 ** Math.ceil(Math.log2(count)))) }
    }
  }
}

function remembered<Key, Value>(make: (key: Key) => Value): (key: Key) => Value {
  const values = new Map<Key, Value>()
  return key => {
    const value = values.get(key) ?? make(key)
    values.set(key, value)
    return value
  }
}

/** An update without rows. */
function event(update: Omit<Update, 'rows'>): Buffer {
  return Buffer.from(`data: ${JSON.stringify(update)}\n\n`)
}

/** An update in pieces, of which the rows are everybody's: an event may have its text in several lines. */
function* pieces(update: Omit<Update, 'rows'>, { count, json }: NewerRows): Generator<Buffer> {
  if (count === 0) return yield event(update)
  const others = JSON.stringify(update).slice(0, -1)
  yield Buffer.from(`data: ${others}${others === '{' ? '' : ','}"rows":\ndata: `)
  yield json()
  yield Buffer.from('\ndata: }\n\n')
}

async function changeOrTimeout(changes: EventTarget): Promise<void> {
  const late = AbortSignal.timeout(mostMs - leastMs)
  try {
    await once(changes, 'change', { signal: late })
  } catch (error) {
    if (!late.aborted) throw error
  }
}
