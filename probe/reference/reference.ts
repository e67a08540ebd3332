import { z } from 'zod'
import { type CaseId, catalogue } from '../cases/catalogue.ts'
import { type FindingId, findings } from '../cases/findings.ts'
import type { CauseEntry } from '../causes/configuration.ts'
import type { Step } from '../clouds/step.ts'
import { allClouds } from '../clouds.ts'
import { Config } from '../config/config.ts'
import { zillizCauses } from '../inquiries/zilliz-causes.ts'
import { createMetrics } from '../metrics/metrics.ts'
import { targetFamilies } from '../metrics/target-families.ts'
import { impairments } from '../suspicion/impairments.ts'
import { keepaliveSettings, usualKeepaliveSeconds } from '../words/keepalive.ts'
import { stepsFor } from '../words/remedy.ts'
import { boundTables } from './bounds.ts'
import { type Option, optionsOf, optionTable } from './options.ts'
import { markdownTable, type Tables, withTables } from './tables.ts'

/** Whose configuration or records are read for causes. */
const allAskers: readonly { readonly title: string; readonly causes: readonly CauseEntry[] }[] = [
  ...allClouds.map(({ title, configuration }) => ({ title, causes: configuration.causes })),
  { title: 'Zilliz Cloud', causes: zillizCauses }
]

const onEachCloud = allClouds.map(({ title }) => `on ${title}`)

const tables: Tables = {
  config: () => settingTable(optionsOf(Config).flatMap(option => [option, ...option.inside])),
  targets: () =>
    allClouds.map(({ title, target }) => `## A target on ${title}\n\n${optionTable(optionsOf(target))}`).join('\n\n'),
  'kubernetes overlays': () =>
    markdownTable(
      ['folder', 'for', 'resolver of the VPC'],
      allClouds.map(({ id, title, resolver }) => {
        const folder = `clouds/${id}/kubernetes`
        return [`[${folder}/](../${folder})`, `a cluster on ${title}`, resolver]
      })
    ),
  'metrics of a target': () =>
    familyTable(targetFamilies.map(({ labels, ...family }) => ({ ...family, labels: ['target', ...labels] }))),
  'metrics of the process': () => familyTable(familiesOfProcess()),
  cases: () =>
    markdownTable(
      ['case', 'layer', 'severity', 'meaning', ...onEachCloud],
      catalogue.map(each => [code(each.id), each.layer ?? '', each.severity, each.meaning, ...remedies(each)])
    ),
  findings: () =>
    markdownTable(
      ['finding', 'layer', 'severity', 'meaning', ...onEachCloud],
      findings.map(each => [code(each.id), each.layer ?? '', each.severity, each.meaning, ...remedies(each)])
    ),
  candidates: () =>
    markdownTable(
      ['case', ...onEachCloud, 'on Zilliz Cloud'],
      catalogue
        .map(({ id }) => [code(id), ...allAskers.map(({ causes }) => candidatesOf(id, causes))])
        .filter(cells => cells.slice(1).some(cell => cell !== ''))
    ),
  causes: () => allAskers.map(({ title, causes }) => `### Causes on ${title}\n\n${causeTable(causes)}`).join('\n\n'),
  impairments: () =>
    markdownTable(
      ['impairment', 'holds', 'meaning', 'what to do'],
      impairments.map(({ id, invalidates = 'nothing', meaning, remedy }) => [code(id), invalidates, meaning, remedy])
    ),
  'keepalive of clients': () =>
    markdownTable(
      ['client', 'default', `a keepalive every ${usualKeepaliveSeconds} s`],
      keepaliveSettings.map(({ client, usual, set }) => [client, usual, code(set(usualKeepaliveSeconds))])
    ),
  ...boundTables
}

/** The pages that have tables, from the root of the repository. */
export const pagesOfProbe = [
  'probe/guides/idle-connections.md',
  'probe/reference/options.md',
  'probe/reference/metrics.md',
  'probe/reference/cases.md',
  'probe/reference/findings.md',
  'probe/reference/impairments.md',
  'probe/reference/causes.md',
  'probe/reference/limits.md',
  'probe/kubernetes/README.md'
] as const

/**
 * A page with its tables of options, metrics, cases, findings and impairments as the code has them.
 *
 * @throws Error when the page marks a place for a table that there is not
 */
export function withReference(page: string): string {
  return withTables(page, tables)
}

/** The causes that can produce a case. Those that no configuration confirms are in italics. */
function candidatesOf(id: CaseId, causes: readonly CauseEntry[]): string {
  return causes
    .filter(({ explains }) => explains.includes(id))
    .map(cause => (cause.unconfirmed === undefined ? code(cause.id) : `_${cause.id}_`))
    .join(', ')
}

/** What each cause is read by, or why no configuration confirms it. */
function causeTable(causes: readonly CauseEntry[]): string {
  return markdownTable(
    ['cause', 'meaning', 'read by', 'why it is not confirmed'],
    causes.map(({ id, code: term, title, readBy, unconfirmed = '' }) => [
      term === undefined ? code(id) : `${code(id)}, ${code(term)}`,
      title,
      readBy.map(code).join(', '),
      unconfirmed
    ])
  )
}

/** A table of options, with their units. */
function settingTable(options: readonly Option[]): string {
  return markdownTable(
    ['option', 'type', 'unit', 'default', 'meaning'],
    options.map(({ name, type, presence, meaning }) => [code(name), type, unitOf(name), presence, meaning])
  )
}

/** A number has its unit in its name. */
function unitOf(name: string): string {
  return name.endsWith('Seconds') ? 'seconds' : name.endsWith('PerSecond') ? 'a second' : ''
}

interface FamilyRow {
  readonly name: string
  readonly type: string
  readonly labels: readonly string[]
  readonly help: string
}

function familyTable(families: readonly FamilyRow[]): string {
  return markdownTable(
    ['metric', 'type', 'labels', 'meaning'],
    families.map(({ name, type, labels, help }) => [code(name), type, labels.map(code).join(', '), help])
  )
}

const ProcessFamilies = z.array(
  z.looseObject({ name: z.string(), type: z.string(), help: z.string(), labelNames: z.array(z.string()) })
)

/** Those of the registry, of which a metric's own type does not tell the labels. */
function familiesOfProcess(): readonly FamilyRow[] {
  const { registry } = createMetrics({ version: '' })
  return ProcessFamilies.parse(registry.getMetricsAsArray()).map(({ labelNames, ...family }) => ({
    ...family,
    labels: labelNames
  }))
}

/** The steps on each cloud in short: without commands, and with "the host" as the name of the host. */
function remedies(entry: { readonly id: CaseId | FindingId }): readonly string[] {
  const [first = '', ...others] = allClouds.map(({ example }) =>
    numbered(stepsFor(entry, { ...example, host: 'the host' }))
  )
  return [first, ...others.map(each => (each === first && first !== '' ? `as ${onEachCloud[0]}` : each))]
}

function numbered(all: readonly Step[]): string {
  const words = all.map(({ cause, do: action }) => (cause === undefined ? action : `${cause} ${action}`))
  const escaped = words.map(each => each.replaceAll('<', '&lt;'))
  return escaped.length === 1 ? escaped.join('') : escaped.map((each, index) => `${index + 1}. ${each}`).join('<br>')
}

function code(text: string): string {
  return `\`${text}\``
}
