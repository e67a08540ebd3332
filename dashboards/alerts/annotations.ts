import type { CaseId } from '../../probe/cases/catalogue.ts'
import type { FindingId } from '../../probe/cases/findings.ts'
import { podRemedies } from '../../probe/clouds/pod-remedies.ts'
import type { Step } from '../../probe/clouds/step.ts'
import type { CloudId } from '../../probe/clouds.ts'
import { stepsFor } from '../../probe/words/remedy.ts'
import type { Settings } from '../settings.ts'

/** The texts of an alert. */
export interface Annotations {
  readonly summary: string
  /** What the alert means, and the first steps. */
  readonly description: string
  /** All steps, with their commands. */
  readonly remedy: string
  readonly runbook_url: string
  /** The board of the target, if the address of Grafana is known. */
  readonly dashboard?: string
  readonly [more: string]: string
}

/** The parts of which the annotations of an alert are made. */
interface AnnotationParts {
  readonly summary: string
  /** What it means, in a sentence or two. */
  readonly meaning: string
  /** What to do, the first thing first. A step may have a command on a line of its own. */
  readonly steps: readonly string[]
}

/** How many steps the description has. The remedy and the runbook have all of them. */
const firstSteps = 2

/** The annotations of an alert, with links to its runbook and board. */
export function annotate(
  alert: string,
  { runbooks, grafana }: Settings,
  { summary, meaning, steps, ...more }: AnnotationParts & Readonly<Record<string, string | readonly string[]>>
): Annotations {
  const board =
    grafana === undefined
      ? {}
      : { dashboard: `${grafana}/d/privatelink-target?var-target={{ $labels.target | urlquery }}` }
  return {
    summary,
    description: `${meaning}\n\n${numbered(steps.slice(0, firstSteps))}`,
    remedy: numbered(steps),
    ...(more as Readonly<Record<string, string>>),
    runbook_url: `${runbooks}/${alert}.md`,
    ...board
  }
}

function numbered(steps: readonly string[]): string {
  return steps.map((step, index) => `${index + 1}. ${step}`).join('\n')
}

/** Words in place of an alert's labels in a remedy, because a template would be quoted. A target's ids stay `<placeholders>`. */
const labelled = {
  name: '__target__',
  environment: '__environment__',
  region: '__region__',
  host: '__host__',
  port: '__port__'
}

/** What a rule cannot know of a probe: whether it runs in a pod. */
const inPods = 'If the probe or the clients run in pods, also follow "In Kubernetes" in the runbook.'

/** The steps of a remedy on one cloud, for the target of an alert, with their commands. */
export function stepsOn(cloud: CloudId, entry: { readonly id: CaseId | FindingId }): readonly string[] {
  const steps = stepsFor(entry, { ...labelled, cloud }).map(words)
  return podRemedies[entry.id] === undefined ? steps : [...steps, inPods]
}

function words({ cause, do: action, run }: Step): string {
  const sentences = withLabels(cause === undefined ? action : `${cause} ${action}`, label => `{{ ${label} }}`)
  return run === undefined ? sentences : `${sentences}\n   ${withLabels(run, wordOf)}`
}

function withLabels(text: string, template: (label: string) => string): string {
  return text.replaceAll(/__([a-z]+)__/g, (_, label: string) => template(`$labels.${label}`))
}

/** A label in a command. A label can have any value, so Prometheus keeps only characters that no shell acts on. */
const wordOf = (label: string) => `{{ reReplaceAll "[^A-Za-z0-9._:/-]" "_" ${label} }}`

/** What in the configuration of the cloud produces the case of an alert. */
export function causeOfTarget(): string {
  const values = labelValues('cause', 'group by (cause) (privatelink_cause{target=%q})', 'target')
  return values.replace(/{{ end }}$/, '{{ else }}not known{{ end }}')
}

/** The probes that report what an alert is about. A network may have several. */
export function seenFrom(series: (target: string) => string): string {
  return labelValues('instance', `group by (instance) (${series('target=%q')})`, 'target')
}

/**
 * The values of one label in the answer to a query, in order.
 *
 * @param query has a `%q` for each of the alert's labels that are named, in their order
 */
export function labelValues(label: string, query: string, ...labels: readonly string[]): string {
  const values = labels.map(name => `$labels.${name}`).join(' ')
  return `{{ range $index, $each := query (printf "${query.replaceAll('"', '\\"')}" ${values}) | sortByLabel "${label}" }}{{ if $index }}, {{ end }}{{ $each.Labels.${label} }}{{ end }}`
}
