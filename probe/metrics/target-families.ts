import { symptoms } from '../cases/case.ts'
import { catalogue } from '../cases/catalogue.ts'
import { findings } from '../cases/findings.ts'
import { layers } from '../cases/observation.ts'
import { isHealthy, resolves } from '../cases/reading.ts'
import { type Family, labelled } from './exposition.ts'
import { bounds, type Tallied } from './tally.ts'

const caseLabels = labelsOf(
  'case',
  catalogue.map(({ id }) => id)
)
const symptomLabels = labelsOf('symptom', symptoms)
const findingLabels = labelsOf(
  'finding',
  findings.map(({ id }) => id)
)

/** Every family of series that each target has. */
export const targetFamilies: readonly Family<Tallied>[] = [
  {
    name: 'privatelink_target_info',
    type: 'gauge',
    help: 'Always 1: what a target is, to be joined to its other series.',
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
    help: 'Why the link does not work: 1 for the case that a target is, 0 for all others. `unknown` before the first round.',
    labels: ['case'],
    dependsOn: ({ standing }) => standing.diagnosis.case,
    samples: ({ standing }, line) => stateSet(caseLabels, id => id === standing.diagnosis.case.id, line)
  },
  {
    name: 'privatelink_symptom',
    type: 'gauge',
    help: 'What a client of the target prints or feels: 1 for one symptom, 0 for all others. `none` if it works.',
    labels: ['symptom'],
    dependsOn: ({ standing }) => standing.diagnosis.case,
    samples: ({ standing }, line) => stateSet(symptomLabels, id => id === standing.diagnosis.case.symptom, line)
  },
  {
    name: 'privatelink_finding',
    type: 'gauge',
    help: 'Whether something is wrong that does not stop the link.',
    labels: ['finding'],
    dependsOn: ({ standing }) => standing.diagnosis.findings.map(({ finding }) => finding.id).join(),
    samples: ({ standing }, line) => {
      const found = new Set<string>(standing.diagnosis.findings.map(({ finding }) => finding.id))
      return stateSet(findingLabels, id => found.has(id), line)
    }
  },
  {
    name: 'privatelink_case_changes_total',
    type: 'counter',
    help: 'How often the case of a target has become another, the first verdict not counted.',
    labels: [],
    samples: ({ tally }, line) => line(tally.caseChanges)
  },
  {
    name: 'privatelink_rounds_total',
    type: 'counter',
    help: 'Rounds that have ended.',
    labels: [],
    samples: ({ tally }, line) => line(tally.rounds)
  },
  {
    name: 'privatelink_rounds_held_total',
    type: 'counter',
    help: 'Rounds among them that came to no verdict, because something was wrong with the probe itself.',
    labels: [],
    samples: ({ tally }, line) => line(tally.heldRounds)
  },
  {
    name: 'privatelink_rounds_missed_total',
    type: 'counter',
    help: 'Rounds that were not begun in time, because the one before took too long or DNS queries were short.',
    labels: [],
    samples: ({ tally }, line) => line(tally.overruns)
  },
  {
    name: 'privatelink_last_round_timestamp_seconds',
    type: 'gauge',
    help: 'When the last round began.',
    labels: [],
    samples: ({ last }, line) => (last === undefined ? '' : line(last.at))
  },
  {
    name: 'privatelink_last_round_seconds',
    type: 'gauge',
    help: 'How long the last round took.',
    labels: [],
    samples: ({ last }, line) => (last === undefined ? '' : line(last.seconds))
  },
  {
    name: 'privatelink_layer_up',
    type: 'gauge',
    help: 'Whether a client gets past the layer on any resolver or address. Absent if the layer was not reached.',
    labels: ['layer'],
    samples: ({ outcomes = [] }, line) =>
      layers
        .map(layer => {
          const ran = outcomes.filter(outcome => outcome.layer === layer)
          return ran.length === 0
            ? ''
            : line(Number(ran.some(({ failure }) => failure === undefined)), layerLabel[layer])
        })
        .join('')
  },
  {
    name: 'privatelink_observations_total',
    type: 'counter',
    help: 'How often a layer was looked at, once for each resolver or address.',
    labels: ['layer'],
    samples: ({ tally }, line) =>
      layers.map(layer => line(tally.observations.get(layer) ?? 0, layerLabel[layer])).join('')
  },
  {
    name: 'privatelink_failures_total',
    type: 'counter',
    help: 'How often a layer failed, once for each resolver or address, and why.',
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
    help: 'How long a layer took where it succeeded, once for each resolver or address.',
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
  {
    name: 'privatelink_dns_up',
    type: 'gauge',
    help: 'Whether a resolver gives the host an address.',
    labels: ['resolver'],
    samples: ({ standing }, line) =>
      each(standing.evidence?.resolvers, seen =>
        line(Number(resolves(seen)), labelled({ resolver: seen.resolver.name }))
      )
  },
  {
    name: 'privatelink_dns_ttl_seconds',
    type: 'gauge',
    help: "The least time that a resolver's answer may still be cached. Absent if the host has no address there.",
    labels: ['resolver'],
    samples: ({ standing }, line) =>
      each(standing.evidence?.resolvers, ({ resolver, a, aaaa }) => {
        const ttls = [a, aaaa].flatMap(seen =>
          seen.kind === 'answer' ? [...seen.chain, ...seen.addresses].map(({ ttl }) => ttl) : []
        )
        return ttls.length === 0 ? '' : line(Math.min(...ttls), labelled({ resolver: resolver.name }))
      })
  },
  {
    name: 'privatelink_dns_resolvers_agree',
    type: 'gauge',
    help: 'Whether all resolvers give the host the same addresses. Absent if there is only one.',
    labels: [],
    samples: ({ standing: { evidence, diagnosis } }, line) =>
      evidence === undefined || evidence.resolvers.length < 2
        ? ''
        : line(Number(!diagnosis.findings.some(({ finding }) => finding.id === 'resolvers-disagree')))
  },
  {
    name: 'privatelink_dns_queries_total',
    type: 'counter',
    help: 'DNS queries sent to a resolver.',
    labels: ['resolver'],
    samples: ({ tally }, line) => each(tally.queries, ([resolver, { sent }]) => line(sent, labelled({ resolver })))
  },
  {
    name: 'privatelink_dns_resends_total',
    type: 'counter',
    help: 'DNS queries among them that were sent because the one before was not answered in time.',
    labels: ['resolver'],
    samples: ({ tally }, line) => each(tally.queries, ([resolver, { resent }]) => line(resent, labelled({ resolver })))
  },
  {
    name: 'privatelink_address_up',
    type: 'gauge',
    help: 'Whether a client gets all the way on an address: one for each, in ascending order of the addresses.',
    labels: ['address_slot'],
    samples: ({ standing: { evidence } }, line) =>
      each(evidence?.addresses.entries(), ([slot, address]) =>
        line(Number(isHealthy(address, evidence?.at ?? 0)), labelled({ address_slot: slot }))
      )
  },
  {
    name: 'privatelink_certificate_not_after_timestamp_seconds',
    type: 'gauge',
    help: 'When the certificate ends; of several the one that ends first. Absent if none was shown.',
    labels: [],
    samples: ({ standing }, line) => {
      const ends = (standing.evidence?.addresses ?? []).flatMap(({ path }) =>
        path.reached === 'tls' ? [path.tls.certificate.notAfter] : []
      )
      return ends.length === 0 ? '' : line(Math.min(...ends))
    }
  }
]

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

function each<T>(all: Iterable<T> | undefined, write: (one: T) => string): string {
  return Array.from(all ?? [], write).join('')
}
