import type { CaseId } from '../../probe/cases/catalogue.ts'
import type { FindingId } from '../../probe/cases/findings.ts'
import { type Step, stepsFor } from '../../probe/cases/remedy.ts'
import type { Target } from '../../probe/target.ts'
import type { Settings } from '../settings.ts'

/** The texts of an alert. */
export interface Annotations {
  readonly summary: string
  readonly meaning: string
  readonly remedy: string
  readonly runbook_url: string
  /** The board of the target, if the address of Grafana is known. */
  readonly dashboard?: string
  readonly [more: string]: string
}

/** The annotations of an alert, with links to its runbook and board. */
export function annotate(
  alert: string,
  { runbooks, grafana }: Settings,
  written: Pick<Annotations, 'summary' | 'meaning' | 'remedy'> & Readonly<Record<string, string>>
): Annotations {
  const board =
    grafana === undefined
      ? {}
      : { dashboard: `${grafana}/d/privatelink-target?var-target={{ $labels.target | urlquery }}` }
  return { ...written, runbook_url: `${runbooks}/${alert}.md`, ...board }
}

/** Words in place of an alert's labels in a remedy, because a template would be quoted. A target's ids stay `<placeholders>`. */
const labelled = {
  name: '__target__',
  environment: '__environment__',
  region: '__region__',
  host: '__host__',
  port: '__port__'
}

/** A remedy on one cloud, for the target of an alert, as a list of steps with their commands. */
export function remedyOn(cloud: Target['cloud'], entry: { readonly id: CaseId | FindingId }): string {
  const steps = stepsFor(entry, { ...labelled, cloud })
  return steps.map((step, index) => `${index + 1}. ${words(step)}`).join('\n')
}

function words({ cause, do: action, run }: Step): string {
  const said = withLabels(cause === undefined ? action : `${cause}: ${action}`, label => `{{ ${label} }}`)
  return run === undefined ? said : `${said}\n   ${withLabels(run, wordOf)}`
}

function withLabels(text: string, template: (label: string) => string): string {
  return text.replaceAll(/__([a-z]+)__/g, (_, label: string) => template(`$labels.${label}`))
}

/** A label in a command. A label can have any value, so Prometheus keeps only characters that no shell acts on. */
const wordOf = (label: string) => `{{ reReplaceAll "[^A-Za-z0-9._:/-]" "_" ${label} }}`

/** The probes that report a state of the alert's target. A network may have several. */
export function seenFrom(metric: string, label: string, id: string): string {
  const views = `query (printf "${metric}{target=%q,${label}='${id}'} == 1" $labels.target)`
  return `{{ range $index, $view := ${views} }}{{ if $index }}, {{ end }}{{ $view.Labels.instance }}{{ end }}`
}
