import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Case, Finding } from '../probe/cases/case.ts'
import type { CaseId } from '../probe/cases/catalogue.ts'
import { type FindingId, findings } from '../probe/cases/findings.ts'
import { podRemedies } from '../probe/clouds/pod-remedies.ts'
import type { Step } from '../probe/clouds/step.ts'
import { allClouds } from '../probe/clouds.ts'
import { markdownTable, withTables } from '../probe/reference/tables.ts'
import { impairments } from '../probe/suspicion/impairments.ts'
import { stepsFor } from '../probe/words/remedy.ts'
import { alertOfCase } from './alerts/alert-of-case.ts'
import { actionableCases } from './alerts/case-alerts.ts'
import { alertOfFinding } from './alerts/finding-alerts.ts'
import { clientCacheTable } from './client-caches.ts'

const beside = join(import.meta.dirname, 'runbooks')

/** The pages. The package has them once, at the address that alerts link to, and not next to what is built. */
const folder = existsSync(beside) ? beside : join(import.meta.dirname, '../../dashboards/runbooks')

/** Every runbook, by its path in this folder, with the tables that the catalogue gives. */
export function runbooks(): Readonly<Record<string, string>> {
  return Object.fromEntries(
    readdirSync(folder)
      .filter(file => file.endsWith('.md'))
      .map(file => [`runbooks/${file}`, withCatalogue(file.slice(0, -3), readFileSync(join(folder, file), 'utf8'))])
  )
}

/**
 * A runbook with what the catalogue has for its alert.
 *
 * @throws Error if the page marks a place for an unknown table
 */
export function withCatalogue(alert: string, page: string): string {
  const entries = entriesOf(alert)
  return withTables(page, {
    meanings: () => {
      const sections = sectionsOf(entries)
      const linked = (id: string) => {
        const section = sections.find(({ ids }) => ids.includes(id))
        return sections.length > 1 && section !== undefined ? `[\`${id}\`](#${anchorOf(section)})` : `\`${id}\``
      }
      return markdownTable(
        ['', 'layer', 'meaning'],
        entries.map(({ id, layer, meaning }) => [linked(id), layer ?? '', meaning])
      )
    },
    remedies: () =>
      sectionsOf(entries)
        .map(section => `### ${headingOf(section)}\n\n${section.text}`)
        .join('\n\n'),
    'pod steps': () => {
      const steps = entries.flatMap(({ id }) => podRemedies[id]?.(anyPod, anyTarget) ?? [])
      return numbered([...new Set(steps.map(words))], 1)
    },
    'client caches': clientCacheTable,
    impairments: () =>
      markdownTable(
        ['impairment', 'meaning', 'holds', 'what to do'],
        impairments.flatMap(({ id, meaning, invalidates, remedy }) =>
          invalidates === undefined ? [] : [[`\`${id}\``, meaning, invalidates, remedy]]
        )
      )
  })
}

/** The cases and findings that an alert reports. */
function entriesOf(alert: string): readonly (Case<CaseId> | Finding<FindingId>)[] {
  return [
    ...actionableCases.filter(({ id }) => alertOfCase(id) === alert),
    ...findings.filter(finding => alertOfFinding(finding) === alert)
  ]
}

const and = new Intl.ListFormat('en')

const anyPod = { name: '<pod>', namespace: '<namespace>', ndots: 5 }

const anyTarget = {
  name: '<target>',
  environment: '<environment>',
  region: '<region>',
  host: '<host>',
  port: '<port>'
}

/** Cases or findings with the same steps, and these steps. */
interface RemedySection {
  readonly ids: readonly string[]
  readonly text: string
}

/** The steps of each entry, once for those that have the same. */
function sectionsOf(entries: readonly (Case<CaseId> | Finding<FindingId>)[]): readonly RemedySection[] {
  const byText = Map.groupBy(entries, remedies)
  return [...byText].map(([text, same]) => ({ ids: same.map(({ id }) => id), text }))
}

const headingOf = ({ ids }: RemedySection) => ids.join(', ')

/** The anchor of the heading, as GitHub makes it. */
const anchorOf = (section: RemedySection) => headingOf(section).replaceAll(',', '').replaceAll(' ', '-')

/** The steps: first those with which every cloud begins, then the others, once for all clouds on which they are the same. */
function remedies(entry: Case<CaseId> | Finding<FindingId>): string {
  const all = allClouds.map(cloud => ({
    ...cloud,
    steps: stepsFor(entry, { ...anyTarget, cloud: cloud.id }).map(words)
  }))
  const [first, ...others] = all
  const differs = first?.steps.findIndex((step, index) => others.some(({ steps }) => steps[index] !== step)) ?? -1
  const shared = differs === -1 ? (first?.steps.length ?? 0) : differs
  const byText = Map.groupBy(all, ({ steps }) => numbered(steps.slice(shared), shared + 1))
  const parts = [...byText].map(([text, on]) =>
    text === '' ? '' : `On ${and.format(on.map(({ title }) => title))}:\n\n${text}`
  )
  return [numbered(first?.steps.slice(0, shared) ?? [], 1), ...parts].filter(part => part !== '').join('\n\n')
}

/** A list without empty lines, so that many steps are on a screen. */
function numbered(steps: readonly string[], from: number): string {
  return steps.map((step, index) => `${index + from}. ${step.trimEnd().replaceAll(/\n{2,}/g, '\n')}`).join('\n')
}

function words({ cause, do: action, run }: Step): string {
  const text = (cause === undefined ? action : `${cause} ${action}`).replaceAll('<', '&lt;')
  return run === undefined ? text : `${text}\n\n   \`\`\`sh\n   ${run}\n   \`\`\`\n`
}
