import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Case, Finding } from '../probe/cases/case.ts'
import type { CaseId } from '../probe/cases/catalogue.ts'
import { type FindingId, findings } from '../probe/cases/findings.ts'
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
    meanings: () =>
      markdownTable(
        ['', 'layer', 'meaning'],
        entries.map(({ id, layer, meaning }) => [`\`${id}\``, layer ?? '', meaning])
      ),
    remedies: () => entries.map(remedies).join('\n\n'),
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

const anyTarget = {
  name: '<target>',
  environment: '<environment>',
  region: '<region>',
  host: '<host>',
  port: '<port>'
}

/** The steps, once for all clouds on which they are the same. */
function remedies(entry: Case<CaseId> | Finding<FindingId>): string {
  const byText = Map.groupBy(allClouds, ({ id }) => steps(stepsFor(entry, { ...anyTarget, cloud: id })))
  const parts = [...byText].map(([text, on]) =>
    on.length === allClouds.length ? text : `On ${and.format(on.map(({ title }) => title))}:\n\n${text}`
  )
  return [`### ${entry.id}`, ...parts].join('\n\n')
}

function steps(all: readonly Step[]): string {
  return all.map((step, index) => `${index + 1}. ${words(step)}`).join('\n')
}

function words({ cause, do: action, run }: Step): string {
  const sentences = cause === undefined ? [action] : [cause, action]
  const said = sentences.map(sentence).join(' ').replaceAll('<', '&lt;')
  return run === undefined ? said : `${said}\n\n   \`\`\`sh\n   ${run}\n   \`\`\`\n`
}

/** Causes and actions are parts of a sentence elsewhere; in a runbook each is a sentence of its own. */
function sentence(part: string): string {
  return `${part.charAt(0).toUpperCase()}${part.slice(1)}.`
}
