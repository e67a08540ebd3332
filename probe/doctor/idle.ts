import { styleText } from 'node:util'
import pLimit from 'p-limit'
import { isHealthy, isResolved } from '../cases/reading.ts'
import { WrongUse } from '../command/wrong-use.ts'
import { type IdleFound, idleFound, idleTimes } from '../idle/idle-found.ts'
import { type IdleObservation, observeIdle } from '../idle/observe-idle.ts'
import type { Report } from '../rounds/report.ts'
import type { Watch } from '../rounds/watch.ts'
import { shown } from '../schema/mistakes.ts'
import { wrapped } from '../words/columns.ts'
import { idleMeaning, idleOutcomeWords, idleWords } from '../words/idle-words.ts'
import { keepaliveFor, keepaliveSettings } from '../words/keepalive.ts'

/** What became of idle connections to a target. */
export interface IdleReport {
  readonly found: IdleFound | undefined
  readonly seen: readonly IdleObservation[]
  /** Whether it was interrupted before all had ended. */
  readonly isCut: boolean
}

/** Connections at once, whatever the number of targets. */
const mostAtOnce = 100

const longestAllowed = 3600

const silenceForm = /^(\d+)([sm]?)$/

/**
 * Reads the option `--idle`, which may have a longest silence: `360`, `360s` or `6m`. A private link may follow the option on the command line.
 *
 * @returns the silences in seconds, and the private links
 * @throws WrongUse if the silence is no duration, or out of range
 */
export function readIdleOption(
  given: string | true,
  links: readonly string[]
): { readonly times: readonly number[]; readonly links: readonly string[] } {
  if (given === true) return { times: idleTimes, links }
  // Every private link has the domain of Zilliz Cloud behind a dot.
  if (/\.[a-z]|\/\//i.test(given)) return { times: idleTimes, links: [given, ...links] }
  const [, digits, unit] = silenceForm.exec(given) ?? []
  if (digits === undefined) {
    throw new WrongUse(
      `--idle: the longest silence must be a duration in seconds or minutes, got ${shown(given)}. Give one such as 360, 360s or 6m.`
    )
  }
  const longest = Number(digits) * (unit === 'm' ? 60 : 1)
  if (longest < 1 || longest > longestAllowed) {
    throw new WrongUse(
      `--idle: the longest silence must be from 1 s to ${longestAllowed} s, got ${shown(given)}. Give one such as 360 or 6m.`
    )
  }
  return { times: [...idleTimes.filter(each => each < longest), longest], links }
}

/** The words of a command line without the option `--idle` and its duration. */
export function withoutIdleOption(words: readonly string[]): readonly string[] {
  return words.filter(
    (word, index) => !/^--idle(=|$)/.test(word) && !(words[index - 1] === '--idle' && silenceForm.test(word))
  )
}

/** Holds idle connections to targets on all addresses on which a client gets through, and says how it goes. */
export async function holdIdle(
  checked: readonly { readonly watch: Watch; readonly report: Pick<Report, 'evidence'> }[],
  times: readonly number[],
  { signal, say }: { readonly signal: AbortSignal; readonly say: (line: string) => void }
): Promise<readonly IdleReport[]> {
  const limit = pLimit(mostAtOnce)
  const wells = checked.map(({ report: { evidence } }) =>
    evidence.addresses.filter(each => isResolved(each) && isHealthy(each, evidence.at)).map(({ address }) => address)
  )
  const total = wells.flat().length * times.length
  if (total > 0) {
    const seconds = Math.max(...times) * Math.ceil(total / mostAtOnce)
    say(
      `Idle connections: ${total === 1 ? 'one is' : `${total} are`} held for up to ${times.at(-1)} s each. This takes up to ${seconds < 120 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`}; Ctrl-C ends it with what is known by then.`
    )
  }
  return Promise.all(
    checked.map(async ({ watch: { target, trust, allowLoopback, begin } }, index) => {
      const seen: IdleObservation[] = []
      const holdOne = async (address: string, seconds: number) => {
        if (signal.aborted) return
        const { host, port } = target
        try {
          const one = await observeIdle(
            { address, port, host, trust, allowLoopback, begin },
            { idleMs: seconds * 1000, signal }
          )
          seen.push(one)
          say(`${host}:${port}, ${address}: ${idleOutcomeWords(one)}`)
        } catch (error) {
          if (!signal.aborted) throw error
        }
      }
      const holds = (wells[index] ?? []).flatMap(address => times.map(seconds => limit(holdOne, address, seconds)))
      await Promise.all(holds)
      return { found: idleFound(seen, Date.now() / 1000), seen, isCut: seen.length < holds.length }
    })
  )
}

/**
 * What was found, as a person reads it, with the settings of clients.
 *
 * @param columns of a line. Settings are not wrapped, because people copy them.
 */
export function printedIdle(
  { host, port }: { readonly host: string; readonly port: number },
  report: IdleReport,
  columns: number
): string {
  const { found, isCut } = report
  const text = (words: string) => wrapped(words, columns - 2, '  ')
  const cut = isCut ? text('The test was interrupted: longer silences were not tested.') : []
  const title = styleText('bold', `Idle connections to ${host}:${port}`)
  if (found === undefined) {
    return [title, ...text('No result: no address works, or no connection was held long enough.'), ...cut].join('\n')
  }
  const meaning = idleMeaning(found)
  const seconds = keepaliveFor(found)
  return [
    title,
    ...text(idleWords(found)),
    ...cut,
    ...(meaning === undefined ? [] : text(meaning)),
    ...(seconds === undefined
      ? []
      : [
          '',
          ...text(`Let clients send a keepalive every ${seconds} s, also while no call runs:`),
          ...keepaliveSettings.flatMap(({ client, usual, set }) => [
            '',
            ...text(`${client} (default: ${usual})`),
            `    ${styleText('cyan', set(seconds))}`
          ])
        ])
  ].join('\n')
}
