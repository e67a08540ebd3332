import { describe, expect, test } from 'vitest'
import { idleFound } from '../../probe/idle/idle-found.ts'
import type { IdleObservation, IdleOutcome } from '../../probe/idle/observe-idle.ts'
import { idleMeaning, idleWords } from '../../probe/words/idle-words.ts'
import { keepaliveFor } from '../../probe/words/keepalive.ts'

const seen = (idleSeconds: number, kind: Exclude<IdleOutcome['kind'], 'closed'>, address = '10.0.1.7') =>
  ({ kind, idleSeconds, address }) satisfies IdleObservation
const closed = (afterSeconds: number, by: 'FIN' | 'RST' | 'GOAWAY'): IdleObservation => ({
  kind: 'closed',
  by,
  afterSeconds,
  idleSeconds: afterSeconds,
  address: '10.0.1.7'
})

interface Row {
  readonly when: string
  readonly of: readonly IdleObservation[]
  readonly words: string | undefined
  /** Seconds between two keepalives; nothing if none is needed. */
  readonly keepalive?: number
}

const rows: readonly Row[] = [
  {
    when: 'connections are dropped between two times',
    of: [seen(60, 'alive'), seen(180, 'alive'), seen(340, 'alive'), seen(360, 'silent'), seen(900, 'silent')],
    words: 'alive after 340 s; dead after 360 s, silently',
    keepalive: 55
  },
  {
    when: 'a reset answers what is sent after a while',
    of: [seen(60, 'alive'), seen(180.2, 'forgotten')],
    words: 'alive after 60 s; dead after 180 s, with a reset',
    keepalive: 30
  },
  { when: 'all live', of: [seen(60, 'alive'), seen(900, 'alive')], words: 'alive after 900 s' },
  {
    when: 'none lives',
    of: [seen(60, 'silent'), seen(180, 'silent')],
    words: 'dead after 60 s, silently',
    keepalive: 30
  },
  {
    when: 'the peer ends them',
    of: [seen(60, 'alive'), closed(120, 'GOAWAY'), closed(120.1, 'GOAWAY')],
    words: 'alive after 60 s; closed by the peer after 120 s (GOAWAY)',
    keepalive: 30
  },
  {
    when: 'two addresses differ, the one that drops them first counts',
    of: [seen(900, 'alive', '10.0.2.7'), seen(340, 'alive', '10.0.2.7'), seen(180, 'alive'), seen(340, 'silent')],
    words: 'alive after 180 s; dead after 340 s, silently',
    keepalive: 55
  },
  {
    when: 'one dies sooner than another one lives on the same address, it was not the silence',
    of: [seen(180, 'silent'), seen(900, 'alive')],
    words: 'alive after 900 s'
  },
  { when: 'nothing is known of any', of: [seen(0, 'unknown'), seen(60, 'unknown')], words: undefined },
  { when: 'none has ended', of: [], words: undefined }
]

describe('what idle connections came to', () => {
  test.for(rows)('if $when: $words', ({ of, words, keepalive }) => {
    const found = idleFound(of, 1)
    expect(found && idleWords(found)).toBe(words)
    expect(found && keepaliveFor(found)).toBe(keepalive)
    expect(found !== undefined && idleMeaning(found) !== undefined).toBe(keepalive !== undefined)
    expect(idleFound(of.toReversed(), 1)).toEqual(found)
  })
})
