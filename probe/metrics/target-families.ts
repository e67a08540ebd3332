import { resolves } from '../cases/client.ts'
import { findings } from '../cases/findings.ts'
import { isHealthy } from '../cases/reading.ts'
import { layers } from '../facts/observation.ts'
import { stateNow } from '../rounds/report.ts'
import type { Standing } from '../rounds/standing.ts'
import type { Target } from '../target.ts'
import { type Family, labelled } from './exposition.ts'
import { bounds, type Tallied } from './tally.ts'

const targetLabels = ['environment', 'cloud', 'region', 'host', 'port']

/** Every family of series that each target has. */
export const targetFamilies: readonly Family<Tallied>[] = [
  {
    name: 'privatelink_target_info',
    type: 'gauge',
    help: 'Always 1. The labels describe the target; join them to its other series.',
    labels: targetLabels,
    samples: ({ standing }, line) => line(1, labelled(described(standing.target)))
  },
  active(
    'privatelink_case',
    'Why the link does not work: 1 for the case of the target, and no series for other cases. `unknown` before the first round. Absent while the verdict is held.',
    'case',
    standing => (isHeld(standing) ? [] : [standing.diagnosis.case.id])
  ),
  active(
    'privatelink_symptom',
    'What a client of the target prints or experiences: 1 for its symptom, and no series for other symptoms. `none` if the link works. Absent while the verdict is held.',
    'symptom',
    standing => (isHeld(standing) ? [] : [standing.diagnosis.symptom])
  ),
  active(
    'privatelink_state',
    'The state of the target: 1 for `healthy`, `degraded`, `failing` or `unknown`, and no series for the other states. `unknown` while the verdict is held.',
    'state',
    standing => [stateNow(standing)]
  ),
  {
    name: 'privatelink_up',
    type: 'gauge',
    help: '1 if clients of the target get through, 0 if they do not. Absent while the state is `unknown`.',
    labels: ['environment', 'cloud'],
    samples: ({ standing }, line) => {
      const { environment, cloud } = standing.target
      const up = upNow(standing)
      return up === undefined ? '' : line(up, labelled({ environment, cloud }))
    }
  },
  {
    name: 'privatelink_confirmed_case',
    type: 'gauge',
    help: 'Always 1. The labels are the case and the symptom of a target that is not healthy, once three checks in a row agree. Absent while the verdict is held.',
    labels: [...targetLabels, 'case', 'symptom'],
    samples: ({ standing: { target, diagnosis, confirmed } }, line) => {
      const { case: found, symptom } = diagnosis
      if (!confirmed.verdict || found.id === 'healthy') return ''
      return line(1, labelled({ ...described(target), case: found.id, symptom }))
    }
  },
  each(
    'privatelink_cause',
    'gauge',
    "Always 1. The label names what in the cloud's configuration produces the case. Absent if the cloud is not asked, if no cause is confirmed, and while the verdict is held.",
    'cause',
    ({ standing }) =>
      isHeld(standing) || standing.inquiry === undefined
        ? []
        : standing.inquiry.causes.flatMap(({ id, isCandidate, ruling }) =>
            isCandidate && ruling === 'confirmed' ? [[id, 1]] : []
          )
  ),
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
  active(
    'privatelink_finding',
    'Always 1. The label names something that is wrong and does not stop the link. Absent while the verdict is held.',
    'finding',
    standing => (isHeld(standing) ? [] : standing.diagnosis.findings.map(({ finding }) => finding.id))
  ),
  {
    name: 'privatelink_confirmed_finding',
    type: 'gauge',
    help: 'Always 1. The label `finding` names a critical finding, once three checks in a row agree. Absent while the verdict is held.',
    labels: [...targetLabels, 'finding'],
    samples: ({ standing: { target, confirmed } }, line) =>
      confirmed.findings
        .filter(id => criticalFindings.has(id))
        .map(finding => line(1, labelled({ ...described(target), finding })))
        .join('')
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
  {
    name: 'privatelink_failures_total',
    type: 'counter',
    help: 'Failed checks of a layer, one for each resolver or address, by reason. Absent for a reason that never occurred.',
    labels: ['layer', 'reason'],
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
  each(
    'privatelink_idle_connection_seconds',
    'gauge',
    'Idle time of connections, by outcome. The longest after which one was `alive`. The shortest after which one was dropped, so that the next call gets no answer (`silent`) or a reset (`forgotten`), or after which the peer closed one (`closed`). Absent for an outcome that did not occur.',
    'outcome',
    ({ standing: { idle } }) =>
      idle === undefined
        ? []
        : [
            ...(idle.aliveSeconds === undefined ? [] : [['alive', idle.aliveSeconds] as const]),
            ...(idle.dead === undefined ? [] : [[idle.dead.how, idle.dead.seconds] as const]),
            ...(idle.closed === undefined ? [] : [['closed', idle.closed.seconds] as const])
          ]
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

const criticalFindings: ReadonlySet<string> = new Set(
  findings.filter(({ severity }) => severity === 'critical').map(({ id }) => id)
)

const isHeld = ({ heldBy }: Standing) => heldBy.length > 0

const layerLabel = {
  dns: ',layer="dns"',
  tcp: ',layer="tcp"',
  tls: ',layer="tls"',
  application: ',layer="application"'
}

/** The labels that describe a target. */
function described({ environment, cloud, region, host, port }: Target): Readonly<Record<string, string | number>> {
  return { environment, cloud, region, host, port }
}

/** Whether clients get through; nothing while that is not known. */
function upNow(standing: Standing): number | undefined {
  return stateNow(standing) === 'unknown' ? undefined : Number(standing.diagnosis.symptom === 'none')
}

/** A state set of which only what is active has a series. */
function active(
  name: string,
  help: string,
  label: string,
  values: (standing: Standing) => readonly string[]
): Family<Tallied> {
  return each(name, 'gauge', help, label, ({ standing }) => values(standing).map(value => [value, 1]))
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
    samples: (seen, line) =>
      values(seen)
        .map(([of, value]) => line(value, labelled({ [label]: of })))
        .join('')
  }
}
