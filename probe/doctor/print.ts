import { styleText } from 'node:util'
import stringWidth from 'string-width'
import type { Severity } from '../cases/case.ts'
import type { Found } from '../cases/diagnose.ts'
import type { Evidence } from '../cases/evidence.ts'
import type { State } from '../cases/state.ts'
import { causeOf, type JudgedCause } from '../causes/inquiry.ts'
import type { Step } from '../clouds/step.ts'
import { cloudOf } from '../clouds.ts'
import { duration } from '../facts/duration.ts'
import { type Report, stateNow } from '../rounds/report.ts'
import { type ImpairmentId, impairments } from '../suspicion/impairments.ts'
import type { Target } from '../target.ts'
import { wrapped } from '../words/columns.ts'
import { causeSentence, elsewhereSentences, rulingMarks, rulingWords } from '../words/inquiry-words.ts'
import { moment } from '../words/moment.ts'
import { stepsFor, stepsForVerdict } from '../words/remedy.ts'
import type { Seen } from '../words/seen.ts'
import { seenInDns } from '../words/seen-in-dns.ts'
import { seenInApplication, seenInTcp, seenInTls } from '../words/seen-on-path.ts'
import { inStraightQuotes, podWords, stateWords, verdictMeaning, verdictWords } from '../words/verdict-words.ts'
import type { Consultation } from './consult.ts'

const colors = { none: 'green', info: 'cyan', warning: 'yellow', critical: 'red' } as const
const marks = { none: '✔', info: 'i', warning: '!', critical: '✘' } as const

const bold = (text: string) => styleText('bold', text)
const faint = (text: string) => styleText('dim', text)
const colored = (severity: Severity, text: string) => styleText(colors[severity], text)
const mark = (severity: Severity) => colored(severity, marks[severity])

/** How bad a state is. */
const severityOf = {
  healthy: 'none',
  degraded: 'warning',
  failing: 'critical',
  unknown: 'warning'
} as const satisfies Record<State, Severity>

/**
 * A report as a person reads it: the verdict and what to do, then the evidence, layer by layer.
 *
 * @param columns of a line. Commands are not wrapped, and hosts are not broken, because people copy them.
 */
export function printedReport(report: Consultation, columns: number): string {
  const { evidence, seconds } = report
  const { target, at, pod } = evidence
  const print = printer(columns)
  const lines = [
    bold(`${target.host}:${target.port}`),
    ...print.text(
      `${cloudOf(target.cloud).title} ${target.region}, ${moment(at)}, checked in ${whole(duration(seconds))}`
    ),
    ...(pod === undefined ? [] : print.text(`From ${podWords(pod)}`)),
    '',
    ...print.verdict(report),
    ...report.diagnosis.findings.flatMap(found => ['', ...print.finding(found, evidence)]),
    '',
    bold('Evidence'),
    // The first layer is right below.
    ...[
      ...print.layer('DNS', seenInDns(evidence)),
      ...print.layer('TCP', seenInTcp(evidence)),
      ...print.layer('TLS', seenInTls(evidence)),
      ...print.layer('Application', seenInApplication(evidence)),
      ...notReached(evidence)
    ].slice(1),
    ...print.configuration(report)
  ]
  return lines.join('\n')
}

/** A report that came to the same as the one before. */
export function printedAgain(report: Report, columns: number): string {
  const { evidence, diagnosis } = report
  const text = `${moment(evidence.at)}, ${evidence.target.name}, still ${verdict(report)} ${faint(whole(`(case ${diagnosis.case.id})`))}`
  return printer(columns)
    .text(text, `${mark(severityOf[stateNow(report)])} `)
    .join('\n')
}

/** The state, and what clients print: `failing: "Connection timed out"`. */
function verdict(report: Report): string {
  const state = stateNow(report)
  const [words, stateWord] = [verdictWords(report.diagnosis, inStraightQuotes), stateWords[state].toLowerCase()]
  return words.startsWith('"') ? `${stateWord}: ${words}` : stateWord
}

/** Spaces at which a line may not end. */
const whole = (text: string) => text.replaceAll(' ', '\u00a0')

/** A number with its unit. */
const quantity = /\d (?:ms|s|min|h)\b/g

/** The parts of a report, in lines of so many columns. */
function printer(columns: number) {
  const text = (words: string, first = '') =>
    wrapped(words.replace(quantity, whole), columns - stringWidth(first), first).map(line =>
      // What is set off by two spaces begins its own line without them.
      line.replace(/^( *)\u00a0/, '$1').replaceAll('\u00a0', ' ')
    )

  /** Where packets cannot tell, a step begins with what may be wrong. */
  const numbered = (steps: readonly Step[]): readonly string[] =>
    steps.flatMap(({ cause, do: action, run }, index) => [
      ...text(cause ?? action, `  ${index + 1}. `),
      ...(cause === undefined ? [] : text(action, '     → ')),
      ...(run === undefined ? [] : [`     ${styleText('cyan', run)}`])
    ])

  const impairment = (id: ImpairmentId): readonly string[] => {
    const [entry] = impairments.filter(each => each.id === id)
    return [
      ...text(
        `${bold('No verdict: the fault may be on this machine')} ${faint(whole(`(impairment ${id})`))}`,
        `${mark('warning')} `
      ),
      ...(entry === undefined ? [] : [...text(entry.meaning, '  '), ...text(entry.remedy, '  → '), ''])
    ]
  }

  /** A cause, and below it what the configuration says of it. */
  const judged = ({ ruling, id, code, title, text: proof }: JudgedCause): readonly string[] => {
    const sign = { confirmed: mark('critical'), 'ruled-out': mark('none'), 'not-known': faint(rulingMarks[ruling]) }[
      ruling
    ]
    const name = code === undefined ? id : `${id}, ${code}`
    return [...text(`${rulingWords[ruling]}: ${title} ${faint(`(${name})`)}`, `  ${sign} `), ...text(proof, '    ')]
  }

  /** What was seen is on the line of where it was seen, or below it if a line is too short for both. */
  const layer = (name: string, seen: readonly Seen[]): readonly string[] => {
    if (seen.length === 0) return []
    const width = Math.max(...seen.map(({ where }) => stringWidth(where)))
    const isOnOneLine = columns - (width + 6) >= leastForText
    const indent = ' '.repeat(isOnOneLine ? width + 6 : 6)
    const details = seen.flatMap(({ more = [] }) => more)
    const detailIndent = details.every(each => fits(each, columns - indent.length)) ? indent : ' '.repeat(6)
    return [
      '',
      faint(`  ${name}`),
      ...seen.flatMap(({ good, where, what, seconds, more = [] }) => {
        const seen = `${what}${seconds === undefined ? '' : ` \u00a0${faint(whole(duration(seconds)))}`}`
        const place = `  ${sign(good)} ${where}`
        const lines =
          isOnOneLine && fits(what, columns - indent.length)
            ? text(seen, `${place}${' '.repeat(width - stringWidth(where))}  `)
            : [place, ...text(seen, ' '.repeat(6))]
        return [...lines, ...more.flatMap(each => text(each, detailIndent))]
      })
    ]
  }

  return {
    text,
    layer,

    verdict: (report: Consultation): readonly string[] => {
      const { diagnosis, evidence, heldBy, inquiry } = report
      const severity = severityOf[stateNow(report)]
      const steps = stepsForVerdict(diagnosis.case, evidence.target, inquiry, evidence.pod)
      const [sentenceOfCause, cause] = [causeSentence(inquiry), inquiry && causeOf(inquiry)]
      const elsewhere = inquiry === undefined || diagnosis.state === 'healthy' ? undefined : elsewhereSentences(inquiry)
      const title = verdict(report)
      return [
        ...(elsewhere === undefined ? [] : [...text(elsewhere, `${mark('warning')} `), '']),
        ...heldBy.flatMap(impairment),
        ...text(
          `${colored(severity, bold(`${title.charAt(0).toUpperCase()}${title.slice(1)}`))} ${faint(whole(`(case ${diagnosis.case.id})`))}`,
          `${mark(severity)} `
        ),
        ...(sentenceOfCause === undefined || cause === undefined
          ? text(verdictMeaning(diagnosis), '  ')
          : text(`Cause: ${sentenceOfCause} ${faint(`(${cause.id})`)}`, '  ')),
        ...(steps.length === 0 ? [] : ['', `  ${bold('What to do')}`, ...numbered(steps)]),
        ...(steps.some(({ run }) => run !== undefined && /<[a-z-]+>/.test(run))
          ? [
              '',
              ...text('Replace each <…> with your own value. With --config or --outputs, doctor fills them in.', '  ')
            ]
          : [])
      ]
    },

    finding: ({ finding, about }: Found, { target, pod }: Evidence<Target>): readonly string[] => [
      ...text(
        `${bold(`Also found: ${about.join(', ')}`)} ${faint(whole(`(finding ${finding.id})`))}`,
        `${mark(finding.severity)} `
      ),
      ...text(finding.meaning, '  '),
      ...numbered(stepsFor(finding, target, pod))
    ],

    /** What the configuration says of every candidate, and what else is wrong with it; or why it was not asked. */
    configuration: ({ evidence, inquiry, notAsked }: Consultation): readonly string[] => {
      const { title } = cloudOf(evidence.target.cloud)
      if (notAsked !== undefined) {
        return ['', ...text(`${title} was not asked: ${notAsked.replace(/npm install .*$/, whole)}`)]
      }
      if (inquiry?.at === undefined) return []
      const candidates = inquiry.causes.filter(({ isCandidate }) => isCandidate)
      const others = inquiry.causes.filter(({ isCandidate }) => !isCandidate)
      return [
        ...(candidates.length === 0
          ? []
          : ['', bold(`Causes checked in the configuration of ${title}`), ...candidates.flatMap(judged)]),
        ...(others.length === 0
          ? []
          : ['', bold(`Also wrong in the configuration of ${title}`), ...others.flatMap(judged)]),
        ...(inquiry.causes.length > 0 ? [] : ['', ...text(`No fault was found in the configuration of ${title}.`)])
      ]
    }
  }
}

/** Fewer columns make a column of their own too narrow for text. */
const leastForText = 30

const fits = (text: string, columns: number) => text.split(' ').every(word => stringWidth(word) <= columns)

const sign = (good: boolean | undefined) => (good === undefined ? faint('·') : mark(good ? 'none' : 'critical'))

function notReached({ addresses }: Evidence): readonly string[] {
  const layers = [
    addresses.length > 0 ? [] : ['TCP'],
    addresses.some(({ path }) => path.reached !== 'nothing') ? [] : ['TLS'],
    addresses.some(({ path }) => path.reached === 'tls') ? [] : ['Application']
  ].flat()
  return layers.length === 0 ? [] : ['', faint(`  Not reached: ${layers.join(', ')}`)]
}
