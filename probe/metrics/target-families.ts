import { catalogue } from '../cases/catalogue.ts'
import { resolves } from '../cases/client.ts'
import { findings } from '../cases/findings.ts'
import { layers } from '../cases/observation.ts'
import { isHealthy } from '../cases/reading.ts'
import { states } from '../cases/state.ts'
import { symptoms } from '../cases/symptoms.ts'
import { stateNow } from '../report.ts'
import type { Standing } from '../standing.ts'
import { type Family, labelled } from './exposition.ts'
import { bounds, type Tallied } from './tally.ts'

const caseLabels = labelsOf(
  'case',
  catalogue.map(({ id }) => id)
)
const symptomLabels = labelsOf('symptom', symptoms)
const stateLabels = labelsOf('state', states)
const findingLabels = labelsOf(
  'finding',
  findings.map(({ id }) => id)
)

/** Every family of series that each target has. */
export const targetFamilies: readonly Family<Tallied>[] = [
  {
    name: 'privatelink_target_info',
    type: 'gauge',
    help: 'Always 1. The labels describe the target; join them to its other series.',
    labels: ['environment', 'cloud', 'region', 'host', 'port'],
    dependsOn: ({ standing }) => standing.target,
    samples: ({ standing }, line) => {
      const { environment, cloud, region, host, port } = standing.target
      return line(1, labelled({ environment, cloud, region, host, port }))
    }
  },
  {
    name: 'privatelink_case',
    type: 'gauge',
    help: 'Why the link does not work: 1 for the case of the target, 0 for all others. `unknown` before the first round. Absent while the verdict is held.',
    labels: ['case'],
    dependsOn: ({ standing }) => isHeld(standing) || standing.diagnosis.case,
    samples: ({ standing }, line) =>
      isHeld(standing) ? '' : stateSet(caseLabels, id => id === standing.diagnosis.case.id, line)
  },
  {
    name: 'privatelink_symptom',
    type: 'gauge',
    help: 'What a client of the target prints or experiences: 1 for one symptom, 0 for all others. `none` if it works. Absent while the verdict is held.',
    labels: ['symptom'],
    dependsOn: ({ standing }) => isHeld(standing) || standing.diagnosis.symptom,
    samples: ({ standing }, line) =>
      isHeld(standing) ? '' : stateSet(symptomLabels, id => id === standing.diagnosis.symptom, line)
  },
  {
    name: 'privatelink_state',
    type: 'gauge',
    help: 'The state of the target, healthy, degraded, failing or unknown: 1 for one of them, 0 for the others. `unknown` while the verdict is held.',
    labels: ['state'],
    dependsOn: ({ standing }) => stateNow(standing),
    samples: ({ standing }, line) => stateSet(stateLabels, id => id === stateNow(standing), line)
  },
  single(
    'privatelink_verdict_held',
    'gauge',
    '1 if the last round gave no verdict, because an impairment of the probe may have falsified it.',
    ({ standing }) => Number(isHeld(standing))
  ),
  each(
    'privatelink_verdict_held_by',
    'gauge',
    'Always 1. The label names an impairment that holds the verdict. Absent while no verdict is held.',
    'impairment',
    ({ standing }) => standing.heldBy.map(id => [id, 1])
  ),
  {
    name: 'privatelink_finding',
    type: 'gauge',
    help: '1 if something is wrong that does not stop the link. Absent while the verdict is held.',
    labels: ['finding'],
    dependsOn: ({ standing }) =>
      isHeld(standing) || standing.diagnosis.findings.map(({ finding }) => finding.id).join(),
    samples: ({ standing }, line) => {
      if (isHeld(standing)) return ''
      const found = new Set<string>(standing.diagnosis.findings.map(({ finding }) => finding.id))
      return stateSet(findingLabels, id => found.has(id), line)
    }
  },
  single(
    'privatelink_case_changes_total',
    'counter',
    'Changes of the case of the target. The first verdict does not count.',
    ({ tally }) => tally.caseChanges
  ),
  single('privatelink_rounds_total', 'counter', 'Rounds that have ended.', ({ tally }) => tally.rounds),
  single(
    'privatelink_rounds_held_total',
    'counter',
    'Rounds that gave no verdict, because something was wrong with the probe itself.',
    ({ tally }) => tally.heldRounds
  ),
  single(
    'privatelink_rounds_missed_total',
    'counter',
    'Rounds that did not begin in time, because the previous round or the limit on DNS queries delayed them.',
    ({ tally }) => tally.overruns
  ),
  single('privatelink_last_round_timestamp_seconds', 'gauge', 'When the last round began.', ({ last }) => last?.at),
  single('privatelink_last_round_seconds', 'gauge', 'How long the last round took.', ({ last }) => last?.seconds),
  each(
    'privatelink_layer_up',
    'gauge',
    '1 if a client gets past the layer on any resolver or address. Absent if the layer was not reached.',
    'layer',
    ({ outcomes = [] }) =>
      layers.flatMap(layer => {
        const ran = outcomes.filter(outcome => outcome.layer === layer)
        return ran.length === 0 ? [] : [[layer, Number(ran.some(({ failure }) => failure === undefined))]]
      })
  ),
  each(
    'privatelink_observations_total',
    'counter',
    'Checks of a layer, one for each resolver or address.',
    'layer',
    ({ tally }) => layers.map(layer => [layer, tally.observations.get(layer) ?? 0])
  ),
  {
    name: 'privatelink_failures_total',
    type: 'counter',
    help: 'Failed checks of a layer, one for each resolver or address, by reason.',
    labels: ['layer', 'reason'],
    // Counters only grow: if their sum is the same, they are.
    dependsOn: ({ tally }) => tally.failures.values().reduce((sum, reasons) => reasons.values().reduce(add, sum), 0),
    samples: ({ tally }, line) => {
      let text = ''
      for (const [layer, reasons] of tally.failures) {
        for (const [reason, times] of reasons) text += line(times, `${layerLabel[layer]},reason="${reason}"`)
      }
      return text
    }
  },
  {
    name: 'privatelink_layer_duration_seconds',
    type: 'histogram',
    help: 'Duration of the successful checks of a layer, one for each resolver or address.',
    labels: ['layer'],
    samples: ({ tally }, line) => {
      let text = ''
      for (const [layer, { buckets, sum }] of tally.durations) {
        let times = 0
        buckets.forEach((more, index) => {
          times += more
          text += line(times, `${layerLabel[layer]},le="${bounds[index] ?? '+Inf'}"`, '_bucket')
        })
        text += line(sum, layerLabel[layer], '_sum') + line(times, layerLabel[layer], '_count')
      }
      return text
    }
  },
  each('privatelink_dns_up', 'gauge', '1 if a resolver returns an address for the host.', 'resolver', ({ standing }) =>
    (standing.evidence?.resolvers ?? []).map(seen => [seen.resolver.name, Number(resolves(seen))])
  ),
  each(
    'privatelink_dns_ttl_seconds',
    'gauge',
    'The lowest TTL in the answers of a resolver. Absent if the host has no address there.',
    'resolver',
    ({ standing }) =>
      (standing.evidence?.resolvers ?? []).flatMap(({ resolver, a, aaaa }) => {
        const ttls = [a, aaaa].flatMap(seen =>
          seen.kind === 'answer' ? [...seen.chain, ...seen.addresses].map(({ ttl }) => ttl) : []
        )
        return ttls.length === 0 ? [] : [[resolver.name, Math.min(...ttls)]]
      })
  ),
  single(
    'privatelink_dns_resolvers_agree',
    'gauge',
    '1 if all resolvers return the same addresses for the host. Absent if there is only one resolver.',
    ({ standing: { evidence, diagnosis } }) =>
      evidence === undefined || evidence.resolvers.length < 2
        ? undefined
        : Number(!diagnosis.findings.some(({ finding }) => finding.id === 'resolvers-disagree'))
  ),
  each('privatelink_dns_queries_total', 'counter', 'DNS queries sent to a resolver.', 'resolver', ({ tally }) =>
    Array.from(tally.queries, ([resolver, { sent }]) => [resolver, sent])
  ),
  each(
    'privatelink_dns_resends_total',
    'counter',
    'DNS queries that were sent again because the previous one got no answer in time.',
    'resolver',
    ({ tally }) => Array.from(tally.queries, ([resolver, { resent }]) => [resolver, resent])
  ),
  each(
    'privatelink_address_up',
    'gauge',
    '1 if the link works on an address. One series for each address, in ascending order of the addresses.',
    'address_slot',
    ({ standing: { evidence } }) =>
      (evidence?.addresses ?? []).map((address, slot) => [String(slot), Number(isHealthy(address, evidence?.at ?? 0))])
  ),
  single(
    'privatelink_certificate_not_after_timestamp_seconds',
    'gauge',
    'When the certificate expires. If there are several, the one that expires first. Absent if the server sent none.',
    ({ standing }) => {
      const ends = (standing.evidence?.addresses ?? [])
        .map(({ path }) => (path.reached === 'tls' ? path.tls.certificate.notAfter : undefined))
        .filter(end => end !== undefined)
      return ends.length === 0 ? undefined : Math.min(...ends)
    }
  )
]

const isHeld = ({ heldBy }: Standing) => heldBy.length > 0

const add = (one: number, other: number) => one + other

const layerLabel = {
  dns: ',layer="dns"',
  tcp: ',layer="tcp"',
  tls: ',layer="tls"',
  application: ',layer="application"'
}

function labelsOf(label: string, ids: readonly string[]): ReadonlyMap<string, string> {
  return new Map(ids.map(id => [id, labelled({ [label]: id })]))
}

function stateSet(
  labels: ReadonlyMap<string, string>,
  is: (id: string) => boolean,
  line: (value: number, labels: string) => string
): string {
  let text = ''
  for (const [id, label] of labels) text += line(Number(is(id)), label)
  return text
}

/** A family of one series for each target, or of none while it has no value. */
function single(
  name: string,
  type: 'counter' | 'gauge',
  help: string,
  value: (seen: Tallied) => number | undefined
): Family<Tallied> {
  return {
    name,
    type,
    help,
    labels: [],
    dependsOn: value,
    samples: (seen, line) => {
      const now = value(seen)
      return now === undefined ? '' : line(now)
    }
  }
}

/** A family of one series for each value of a label. */
function each(
  name: string,
  type: 'counter' | 'gauge',
  help: string,
  label: string,
  values: (seen: Tallied) => readonly (readonly [string, number])[]
): Family<Tallied> {
  return {
    name,
    type,
    help,
    labels: [label],
    dependsOn: seen => values(seen).join(),
    samples: (seen, line) =>
      values(seen)
        .map(([of, value]) => line(value, labelled({ [label]: of })))
        .join('')
  }
}
