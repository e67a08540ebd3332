import { usualSymptom } from '../../dashboards/alerts/alert-of-case.ts'
import { alertName } from '../../dashboards/alerts/rule.ts'
import { settings } from '../../dashboards/settings.ts'
import { type CaseId, catalogue } from '../../probe/cases/catalogue.ts'
import { type FindingId, findings } from '../../probe/cases/findings.ts'
import { type State, stateOf } from '../../probe/cases/state.ts'
import type { CloudId } from '../../probe/clouds.ts'
import { confirmedBy } from '../../probe/rounds/confirmed.ts'
import type { Outline } from '../../probe/rounds/report.ts'
import type { ImpairmentId } from '../../probe/suspicion/impairments.ts'
import type { Series } from '../support/promtool.ts'

/** Seconds of a step: a round, a scrape and an evaluation. */
export const stepSeconds = settings.evaluationSeconds
export const minutes = (count: number) => (count * 60) / stepSeconds

/** One probe's view of a target. */
export interface View {
  readonly instance?: string
  readonly name?: string
  readonly cloud?: CloudId
  readonly port?: number
}

/** What a round comes to: a case, or a verdict that an impairment holds. `undefined` where there is no probe. */
export type Outcome = CaseId | { readonly heldBy: ImpairmentId } | undefined

const idOfProbe = ({ instance = 'probe-a' }: View) => `job="privatelink",instance="${instance}"`
/** The labels of a view's series. */
export const viewOf = ({ name = 'prod/search/in01-1', ...view }: View) => `${idOfProbe(view)},target="${name}"`
const environmentOf = ({ name = 'prod/search/in01-1' }: View) => name.split('/')[0]
const placeOf = (view: View) => `${viewOf(view)},environment="${environmentOf(view)}",cloud="${view.cloud ?? 'aws'}"`
const identityOf = (view: View) =>
  `${placeOf(view)},region="us-west-2",host="in01-1.example",port="${view.port ?? 19531}"`

/**
 * What a probe exports while a target goes through these outcomes, each for so many rounds. The probe's own code tells what is
 * confirmed. A scrape that lacks a series ends it.
 *
 * @param found the rounds that have a finding, as zeros and ones; a round that is not listed has none
 */
export function course(
  outcomes: readonly (readonly [Outcome, number])[],
  view: View = {},
  found: Partial<Record<FindingId, readonly number[]>> = {}
): Series {
  const rounds = outcomes.flatMap(([outcome, times]) => Array.from({ length: times }, () => outcome))
  const foundIn = (round: number) => findings.filter(({ id }) => found[id]?.[round] === 1)
  const outlines: Outline[] = []
  const samples = new Map<string, (number | undefined)[]>()
  rounds.forEach((outcome, round) => {
    const put = (series: string, value: number) => {
      const values = samples.get(series) ?? []
      values[round] = value
      samples.set(series, values)
    }
    if (outcome === undefined) {
      outlines.length = 0
      return
    }
    const of = viewOf(view)
    put(`privatelink_target_info{${identityOf(view)}}`, 1)
    put(`privatelink_last_round_timestamp_seconds{${of}}`, round * stepSeconds)
    if (typeof outcome === 'object') {
      put(`privatelink_state{${of},state="unknown"}`, 1)
      put(`privatelink_verdict_held{${of}}`, 1)
      put(`privatelink_verdict_held_by{${of},impairment="${outcome.heldBy}"}`, 1)
      outlines.unshift(outlineOf('unknown', 'unknown', [], [outcome.heldBy]))
      return
    }
    const symptom = usualSymptom[outcome]
    const present = foundIn(round)
    const state = stateOf({
      symptom,
      case: { severity: catalogue.find(({ id }) => id === outcome)?.severity ?? 'none' },
      findings: present.map(finding => ({ finding }))
    })
    put(`privatelink_case{${of},case="${outcome}"}`, 1)
    put(`privatelink_symptom{${of},symptom="${symptom}"}`, 1)
    put(`privatelink_state{${of},state="${state}"}`, 1)
    put(`privatelink_verdict_held{${of}}`, 0)
    if (state !== 'unknown') put(`privatelink_up{${placeOf(view)}}`, Number(symptom === 'none'))
    for (const { id } of present) put(`privatelink_finding{${of},finding="${id}"}`, 1)
    outlines.unshift(
      outlineOf(
        outcome,
        state,
        present.map(({ id }) => id)
      )
    )
    const confirmed = confirmedBy(outlines)
    if (confirmed.verdict && outcome !== 'healthy') {
      put(`privatelink_confirmed_case{${identityOf(view)},case="${outcome}",symptom="${symptom}"}`, 1)
    }
    for (const { id, severity } of findings) {
      if (severity === 'critical' && confirmed.findings.includes(id)) {
        put(`privatelink_confirmed_finding{${identityOf(view)},finding="${id}"}`, 1)
      }
    }
  })
  return Object.fromEntries(
    [...samples].map(([series, values]) => [
      series,
      written(Array.from({ length: rounds.length }, (_, at) => values[at]))
    ])
  )
}

function outlineOf(
  id: CaseId,
  state: State,
  found: readonly FindingId[],
  heldBy: readonly ImpairmentId[] = []
): Outline {
  const seen = { case: id, symptom: usualSymptom[id], state, findings: found, heldBy }
  return { at: 0, seconds: 0, ...seen, looks: 1, certain: [], sample: undefined }
}

/** The samples of a series, where `undefined` is a scrape that lacks it: the first one after a sample marks the end. */
function written(values: readonly (number | undefined)[]): string {
  return values.map((value, at) => value ?? (values[at - 1] === undefined ? '_' : 'stale')).join(' ')
}

/** The probe itself, well for so many steps. */
export const probe = (count: number, view: View = {}): Series => {
  const values = `1x${count - 1}`
  const of = idOfProbe(view)
  return {
    [`up{${of}}`]: values,
    [`privatelink_build_info{${of},version="1",revision="abc",node="24"}`]: values,
    [`privatelink_interval_seconds{${of}}`]: `10x${count - 1}`,
    [`privatelink_config_last_reload_successful{${of}}`]: values
  }
}

/** The same for so many steps, and then no sample: either it cannot be read, or discovery no longer lists it. */
export const probeUntil = (count: number, rest: number, isListed: boolean, view: View = {}): Series => {
  const ends = (values: string) => `${values} stale _x${rest - 2}`
  const up = `up{${idOfProbe(view)}}`
  const all = Object.entries(probe(count, view)).map(([series, values]) => [series, ends(values)] as const)
  return { ...Object.fromEntries(all), [up]: isListed ? `1x${count - 1} 0x${rest - 1}` : ends(`1x${count - 1}`) }
}

/** How many probes a probe's config says there are. */
export const expects = (probes: number, count: number, view: View = {}): Series => ({
  [`privatelink_probes_expected{${idOfProbe(view)}}`]: `${probes}x${count - 1}`
})

/** A series of the probe itself. */
export const ofProbe = (name: string, values: string, view: View = {}, labels = ''): Series => ({
  [`${name}{${idOfProbe(view)}${labels}}`]: values
})

/** A series of a view. */
export const ofView = (name: string, values: string, view: View = {}): Series => ({
  [`${name}{${viewOf(view)}}`]: values
})

/** The alert of a symptom that most tests use. */
export const timeout = alertName('timeout')
