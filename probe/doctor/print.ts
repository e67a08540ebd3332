import { styleText } from 'node:util'
import type { Severity } from '../cases/case.ts'
import type { Found } from '../cases/diagnose.ts'
import type { Evidence } from '../cases/evidence.ts'
import type { State } from '../cases/state.ts'
import type { JudgedCause } from '../causes/inquiry.ts'
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
import { inStraightQuotes, podWords, verdictMeaning, verdictWords } from '../words/verdict-words.ts'
import type { Consultation } from './consult.ts'

const colours = { none: 'green', info: 'cyan', warning: 'yellow', critical: 'red' } as const
const marks = { none: '✔', info: 'i', warning: '!', critical: '✘' } as const

/** Of prose in a line; commands are left whole, to be copied. */
const columns = 92

const bold = (text: string) => styleText('bold', text)
const faint = (text: string) => styleText('dim', text)
const coloured = (severity: Severity, text: string) => styleText(colours[severity], text)
const mark = (severity: Severity) => coloured(severity, marks[severity])

/** How bad a state is. */
const severityOf = {
  healthy: 'none',
  degraded: 'warning',
  failing: 'critical',
  unknown: 'warning'
} as const satisfies Record<State, Severity>

/** A report as a person reads it: what was seen layer by layer, then what it means and what to do. */
export function printedReport(report: Consultation): string {
  const { evidence, diagnosis, seconds } = report
  const { target, at, pod } = evidence
  const lines = [
    bold(`${target.host}:${target.port}`),
    faint(`${cloudOf(target.cloud).title} ${target.region}, ${moment(at)}, looked for ${duration(seconds)}`),
    ...(pod === undefined ? [] : [faint(`From ${podWords(pod)}`)]),
    ...layer('DNS', seenInDns(evidence)),
    ...layer('TCP', seenInTcp(evidence)),
    ...layer('TLS', seenInTls(evidence)),
    ...layer('Application', seenInApplication(evidence)),
    ...notReached(evidence),
    '',
    ...verdict(report),
    ...diagnosis.findings.flatMap(found => ['', ...finding(found, evidence)]),
    ...fromCloud(report)
  ]
  return lines.join('\n')
}

/** A report that came to the same as the one before. */
export function printedAgain(report: Report): string {
  const { evidence, diagnosis } = report
  const { host, port } = evidence.target
  return `${mark(severityOf[stateNow(report)])} ${moment(evidence.at)}, ${host}:${port}, still: ${verdictWords(diagnosis, inStraightQuotes)} ${faint(`(case ${diagnosis.case.id})`)}`
}

function verdict(report: Consultation): readonly string[] {
  const { diagnosis, evidence, heldBy, inquiry } = report
  const { id } = diagnosis.case
  const severity = severityOf[stateNow(report)]
  const steps = stepsForVerdict(diagnosis.case, evidence.target, inquiry, evidence.pod)
  const cause = causeSentence(inquiry)
  const elsewhere = inquiry === undefined || diagnosis.state === 'healthy' ? undefined : elsewhereSentences(inquiry)
  return [
    ...(elsewhere === undefined ? [] : [...wrapped(elsewhere, columns, `${mark('warning')} `), '']),
    ...heldBy.flatMap(impairment),
    `${mark(severity)} ${coloured(severity, bold(verdictWords(diagnosis, inStraightQuotes)))} ${faint(`(case ${id})`)}`,
    ...wrapped(cause ?? verdictMeaning(diagnosis), columns, '  '),
    ...(steps.length === 0 ? [] : ['', `  ${bold('What to do')}`, ...numbered(steps)]),
    ...(steps.some(({ run }) => run !== undefined && /<[a-z-]+>/.test(run))
      ? ['', faint('  Put your own values in place of <…>; with --config they are filled in.')]
      : [])
  ]
}

/** What the configuration says of every candidate, and what else is wrong with it; or that it can be asked. */
function fromCloud({ diagnosis, evidence, inquiry, notAsked }: Consultation): readonly string[] {
  const { title, configuration } = cloudOf(evidence.target.cloud)
  const { id } = diagnosis.case
  // In one line: it ends in a command.
  if (notAsked !== undefined) return ['', `  ${title} was not asked: ${notAsked}`]
  if (inquiry?.at === undefined) {
    const candidates = configuration.causes.filter(({ explains }) => explains.includes(id))
    const hint = `With --cloud, doctor reads the configuration of ${title} and tells which of ${candidates.length} causes it is.`
    return id === 'healthy' || candidates.length < 2 ? [] : ['', faint(`  ${hint}`)]
  }
  const candidates = inquiry.causes.filter(({ isCandidate }) => isCandidate)
  const others = inquiry.causes.filter(({ isCandidate }) => !isCandidate)
  return [
    ...(candidates.length === 0
      ? []
      : ['', bold(`What the configuration of ${title} says`), ...candidates.flatMap(judged)]),
    ...(others.length === 0
      ? []
      : ['', bold(`Also wrong in the configuration of ${title}`), ...others.flatMap(judged)]),
    ...(inquiry.causes.length > 0
      ? []
      : ['', faint(`Nothing is wrong in what was read of the configuration of ${title}.`)])
  ]
}

/** A cause, and below it what the configuration says of it. */
function judged({ ruling, id, code, title, text }: JudgedCause): readonly string[] {
  const sign = { confirmed: mark('critical'), 'ruled-out': mark('none'), 'not-known': faint(rulingMarks[ruling]) }[
    ruling
  ]
  const name = code === undefined ? id : `${id}, ${code}`
  return [
    ...wrapped(`${rulingWords[ruling]}: ${title} ${faint(`(${name})`)}`, columns, `  ${sign} `),
    ...wrapped(text, columns, '    ')
  ]
}

function impairment(id: ImpairmentId): readonly string[] {
  const [entry] = impairments.filter(each => each.id === id)
  return [
    `${mark('warning')} ${bold('This machine cannot tell')} ${faint(`(impairment ${id})`)}`,
    ...(entry === undefined
      ? []
      : [...wrapped(entry.meaning, columns, '  '), ...wrapped(entry.remedy, columns, '  → '), ''])
  ]
}

function finding({ finding, about }: Found, { target, pod }: Evidence<Target>): readonly string[] {
  return [
    `${mark(finding.severity)} ${bold(`Also found: ${about.join(', ')}`)} ${faint(`(finding ${finding.id})`)}`,
    ...wrapped(finding.meaning, columns, '  '),
    ...numbered(stepsFor(finding, target, pod))
  ]
}

function layer(name: string, seen: readonly Seen[]): readonly string[] {
  if (seen.length === 0) return []
  const width = Math.max(...seen.map(({ where }) => where.length))
  const indent = ' '.repeat(width + 6)
  return [
    '',
    bold(name),
    ...seen.flatMap(({ good, where, what, seconds, more = [] }) => [
      `  ${sign(good)} ${where.padEnd(width)}  ${what}${seconds === undefined ? '' : faint(`  ${duration(seconds)}`)}`,
      ...more.map(each => `${indent}${each}`)
    ])
  ]
}

const sign = (good: boolean | undefined) => (good === undefined ? faint('·') : mark(good ? 'none' : 'critical'))

function notReached({ addresses }: Evidence): readonly string[] {
  const layers = [
    addresses.length > 0 ? [] : ['TCP'],
    addresses.some(({ path }) => path.reached !== 'nothing') ? [] : ['TLS'],
    addresses.some(({ path }) => path.reached === 'tls') ? [] : ['Application']
  ].flat()
  return layers.length === 0 ? [] : ['', faint(`Not reached: ${layers.join(', ')}`)]
}

/** Where packets cannot tell, a step begins with what may be wrong. */
function numbered(steps: readonly Step[]): readonly string[] {
  return steps.flatMap(({ cause, do: action, run }, index) => [
    ...wrapped(cause ?? action, columns, `  ${index + 1}. `),
    ...(cause === undefined ? [] : wrapped(action, columns, '     → ')),
    ...(run === undefined ? [] : [`     ${styleText('cyan', run)}`])
  ])
}
