import {
  AnnotationQueryBuilder,
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType
} from '@grafana/grafana-foundation-sdk/dashboard'
import { bars, colour, lines, number, row, rows, states, steps, upOrDown, whileItIs } from './panels.ts'
import { targetQueries as asked } from './queries.ts'
import type { Settings } from './settings.ts'
import { datasourceVariable, environmentVariable, source, targetVariable } from './variables.ts'

/** Where the board is, for those that lead to it. */
export const targetBoard = { uid: 'privatelink-target' } as const

/** One target, layer by layer, resolver by resolver, address by address. */
export function target({ objective }: Settings): Dashboard {
  const percent = `${objective * 100} %`
  return new DashboardBuilder('Private link')
    .uid(targetBoard.uid)
    .description('One private link to Zilliz Cloud: where it breaks, and since when.')
    .tags(['privatelink'])
    .time({ from: 'now-1h', to: 'now' })
    .refresh('10s')
    .tooltip(DashboardCursorSync.Crosshair)
    .withVariable(datasourceVariable)
    .withVariable(environmentVariable)
    .withVariable(targetVariable)
    .link(
      new DashboardLinkBuilder('All private links')
        .type(DashboardLinkType.Link)
        .url('/d/privatelink-overview')
        .includeVars(true)
        .keepTime(true)
    )
    .annotation(
      new AnnotationQueryBuilder()
        .name('Changes of case')
        .datasource(source)
        .enable(true)
        .iconColor(colour.careful)
        .expr(asked.newCase)
        .step('10s')
        .titleFormat('{{case}}')
        .textFormat('seen from {{instance}}')
    )
    .withRow(row('Now'))
    .withPanel(
      rows(
        { title: 'Target', description: 'What this is: the host and its port, and the place of its endpoint.' },
        { A: asked.identity }
      )
        .withTransformation({ id: 'organize', options: { excludeByName: { Time: true, Value: true } } })
        .height(4)
        .span(10)
    )
    .withPanel(
      number(
        {
          title: 'Availability, 30 days',
          description: `Share of the time in which a client got through. The objective is ${percent}.`
        },
        asked.availability,
        'percentunit',
        steps(colour.bad, [objective, colour.good])
      )
        .decimals(3)
        .span(4)
    )
    .withPanel(
      number(
        {
          title: 'Availability, time shown',
          description: 'The same, over the time that this board shows.'
        },
        asked.availabilityInRange,
        'percentunit',
        steps(colour.bad, [objective, colour.good])
      )
        .decimals(3)
        .span(4)
    )
    .withPanel(
      number(
        {
          title: 'Last round',
          description: 'When the probe last looked. It does so every ten seconds unless told otherwise.'
        },
        asked.lastRound,
        'dateTimeFromNow',
        steps(colour.neutral)
      ).span(3)
    )
    .withPanel(
      number(
        { title: 'Certificate ends', description: 'When the certificate ends; of several the one that ends first.' },
        asked.certificate,
        'dateTimeFromNow',
        steps(colour.neutral)
      ).span(3)
    )
    .withPanel(
      states(
        {
          title: 'Case',
          description:
            'Why the link did not work, by the catalogue in probe/README.md. Several probes may see several at a time.'
        },
        { query: asked.cases, legend: '{{case}}' },
        whileItIs(colour.neutral)
      )
        .height(6)
        .span(12)
    )
    .withPanel(
      states(
        {
          title: 'Symptom',
          description: 'What a client printed or felt: `none` while it worked.'
        },
        { query: asked.symptoms, legend: '{{symptom}}' },
        whileItIs(colour.neutral)
      )
        .height(6)
        .span(6)
    )
    .withPanel(
      states(
        {
          title: 'Findings',
          description: 'What was wrong and did not stop the link.'
        },
        { query: asked.findings, legend: '{{finding}}' },
        whileItIs(colour.careful)
      )
        .noValue('nothing was found')
        .height(6)
        .span(6)
    )
    .withRow(row('Layer by layer'))
    .withPanel(
      states(
        {
          title: 'Where it breaks',
          description:
            'Whether a client got past each layer, on any resolver or address. A gap is a layer that was not reached: the one before it is where it breaks.'
        },
        { query: asked.layers, legend: '{{layer}}' },
        upOrDown
      ).span(12)
    )
    .withPanel(
      bars(
        { title: 'Failures', description: 'How often a layer failed and why, once for each resolver or address.' },
        [{ query: asked.failures, legend: '{{layer}}: {{reason}}' }],
        'short'
      ).span(12)
    )
    .withPanel(
      lines(
        {
          title: 'Duration of each layer, 95 %',
          description:
            'How long each layer takes where it succeeds: 95 % are faster. A step to 1 s in TCP is a SYN that was sent twice.'
        },
        [{ query: asked.durations, legend: '{{layer}}' }],
        's'
      ).span(12)
    )
    .withPanel(
      lines(
        {
          title: 'Duration of each layer, mean',
          description: 'How long each layer takes on average where it succeeds.'
        },
        [{ query: asked.meanDurations, legend: '{{layer}}' }],
        's'
      ).span(12)
    )
    .withRow(row('Resolver by resolver'))
    .withPanel(
      states(
        {
          title: 'Resolvers',
          description:
            'Whether each resolver gives the host an address. Where only some do, clients depend on whom they ask.'
        },
        { query: asked.resolvers, legend: '{{resolver}} from {{instance}}' },
        upOrDown
      ).span(8)
    )
    .withPanel(
      states(
        {
          title: 'Resolvers agree',
          description: 'Whether all resolvers of a probe give the host the same addresses. Empty if there is only one.'
        },
        { query: asked.agreement, legend: '{{instance}}' },
        upOrDown
      )
        .noValue('only one resolver')
        .span(4)
    )
    .withPanel(
      lines(
        {
          title: 'Time to live',
          description:
            'How long the answer may still be cached: for so long a changed record is not seen. It counts down where a resolver caches.'
        },
        [{ query: asked.ttls, legend: '{{resolver}} from {{instance}}' }],
        's'
      ).span(6)
    )
    .withPanel(
      lines(
        {
          title: 'DNS queries a second',
          description:
            "Queries that were sent, and those among them that were sent again because nobody answered in time. The clouds' resolvers drop what is beyond 1,024 a second."
        },
        [
          { query: asked.dnsQueries, legend: 'sent to {{resolver}} from {{instance}}' },
          { query: asked.dnsResends, legend: 'again to {{resolver}} from {{instance}}' }
        ],
        'reqps'
      ).span(6)
    )
    .withRow(row('Address by address'))
    .withPanel(
      states(
        {
          title: 'Addresses',
          description:
            'Whether a client gets all the way on each address, in ascending order of the addresses. On AWS there is one in each availability zone: one that is down is a zone that is dead.'
        },
        { query: asked.addresses, legend: 'address {{address_slot}} from {{instance}}' },
        upOrDown
      ).span(12)
    )
    .withPanel(
      lines(
        {
          title: 'Observations a second',
          description: 'How often each layer was looked at, once for each resolver or address.'
        },
        [{ query: asked.observations, legend: '{{layer}}' }],
        'cps'
      ).span(12)
    )
    .withRow(row('The rounds themselves'))
    .withPanel(
      lines(
        {
          title: 'Duration of a round',
          description: 'How long the last round took. It takes no more than nine tenths of the interval.'
        },
        [{ query: asked.roundDurations, legend: '{{instance}}' }],
        's'
      ).span(6)
    )
    .withPanel(
      lines(
        { title: 'Rounds a second', description: 'Rounds that ended. At an interval of ten seconds that is 0.1.' },
        [{ query: asked.rounds, legend: '{{instance}}' }],
        'cps'
      ).span(6)
    )
    .withPanel(
      bars(
        {
          title: 'Rounds held',
          description: 'Rounds that came to no verdict, because something was wrong with the probe itself.'
        },
        [{ query: asked.roundsHeld, legend: '{{instance}}' }],
        'short'
      ).span(4)
    )
    .withPanel(
      bars(
        { title: 'Rounds missed', description: 'Rounds that were not begun in time.' },
        [{ query: asked.roundsMissed, legend: '{{instance}}' }],
        'short'
      ).span(4)
    )
    .withPanel(
      number(
        {
          title: 'Changes of case',
          description: 'How often the case became another in the time that this board shows.'
        },
        asked.changes,
        'none',
        steps(colour.neutral)
      )
        .decimals(0)
        .height(8)
        .span(4)
    )
    .build()
}
