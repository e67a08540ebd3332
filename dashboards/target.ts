import {
  AnnotationQueryBuilder,
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType
} from '@grafana/grafana-foundation-sdk/dashboard'
import { states } from '../probe/cases/state.ts'
import { allClouds } from '../probe/clouds.ts'
import {
  bars,
  boardRow,
  colour,
  colourOfState,
  lines,
  number,
  rows,
  stateTimeline,
  steps,
  upOrDown,
  whileItIs
} from './panels.ts'
import { targetQueries as asked } from './queries.ts'
import type { Settings } from './settings.ts'
import { datasourceVariable, environmentVariable, source, targetVariable } from './variables.ts'

/** On the clouds on which an endpoint has several addresses. */
const whatAnAddressTells = allClouds
  .flatMap(({ title, endpoint }) => (endpoint.by === 'name' ? [`On ${title}, ${endpoint.oneAddressDown}.`] : []))
  .join(' ')

/** The id of the board, for links to it. */
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
    .withRow(boardRow('Now'))
    .withPanel(
      rows(
        { title: 'Target', description: 'The host, its port, and the location of its endpoint.' },
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
          description: 'Share of the time in which a client got through, in the time range of this board.'
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
          description: 'When the last round began. By default, a round begins every 10 seconds.'
        },
        asked.lastRound,
        'dateTimeFromNow',
        steps(colour.neutral)
      ).span(3)
    )
    .withPanel(
      number(
        {
          title: 'Certificate expires',
          description: 'When the certificate expires. If there are several, the one that expires first.'
        },
        asked.certificate,
        'dateTimeFromNow',
        steps(colour.neutral)
      ).span(3)
    )
    .withPanel(stateOverTime())
    .withPanel(
      stateTimeline(
        {
          title: 'Case',
          description:
            'Why the link did not work. probe/reference/cases.md explains each case. Several probes may report different cases.'
        },
        { query: asked.cases, legend: '{{case}}' },
        whileItIs(colour.neutral)
      )
        .height(6)
        .span(5)
    )
    .withPanel(
      stateTimeline(
        {
          title: 'Cause',
          description: 'What in the configuration of the cloud produced the case. It needs a probe with `cloudFacts`.'
        },
        { query: asked.causes, legend: '{{cause}}' },
        whileItIs(colour.neutral)
      )
        .noValue('No cause is confirmed')
        .height(6)
        .span(5)
    )
    .withPanel(
      stateTimeline(
        {
          title: 'Symptom',
          description: 'What a client printed or experienced: `none` while the link worked.'
        },
        { query: asked.symptoms, legend: '{{symptom}}' },
        whileItIs(colour.neutral)
      )
        .height(6)
        .span(5)
    )
    .withPanel(
      stateTimeline(
        {
          title: 'Findings',
          description: 'Problems that did not stop the link.'
        },
        { query: asked.findings, legend: '{{finding}}' },
        whileItIs(colour.careful)
      )
        .noValue('No findings')
        .height(6)
        .span(4)
    )
    .withRow(boardRow('Layer by layer'))
    .withPanel(
      stateTimeline(
        {
          title: 'Where it breaks',
          description:
            'Whether a client got past each layer, on any resolver or address. A gap is a layer that was not reached: the link breaks at the layer before it.'
        },
        { query: asked.layers, legend: '{{layer}}' },
        upOrDown
      ).span(12)
    )
    .withPanel(
      bars(
        { title: 'Failures', description: 'Failed checks of each layer by reason, one for each resolver or address.' },
        [{ query: asked.failures, legend: '{{layer}}: {{reason}}' }],
        'short'
      ).span(12)
    )
    .withPanel(
      lines(
        {
          title: 'Duration of each layer, 95 %',
          description:
            'Duration of successful checks of each layer: the 95th percentile. A step to 1 s in TCP means that a SYN was sent twice.'
        },
        [{ query: asked.durations, legend: '{{layer}}' }],
        's'
      ).span(12)
    )
    .withPanel(
      lines(
        {
          title: 'Duration of each layer, mean',
          description: 'Average duration of successful checks of each layer.'
        },
        [{ query: asked.meanDurations, legend: '{{layer}}' }],
        's'
      ).span(12)
    )
    .withRow(boardRow('Resolver by resolver'))
    .withPanel(
      stateTimeline(
        {
          title: 'Resolvers',
          description:
            'Whether each resolver returns an address for the host. If only some do, only clients that use these connect.'
        },
        { query: asked.resolvers, legend: '{{resolver}} from {{instance}}' },
        upOrDown
      ).span(8)
    )
    .withPanel(
      stateTimeline(
        {
          title: 'Resolvers agree',
          description:
            'Whether all resolvers of a probe return the same addresses for the host. Empty if there is only one.'
        },
        { query: asked.agreement, legend: '{{instance}}' },
        upOrDown
      )
        .noValue('Only one resolver')
        .span(4)
    )
    .withPanel(
      lines(
        {
          title: 'Time to live',
          description:
            'How long clients may cache the answer. Until then, they may not notice a changed record. The value counts down if a resolver caches.'
        },
        [{ query: asked.ttls, legend: '{{resolver}} from {{instance}}' }],
        's'
      ).span(6)
    )
    .withPanel(
      lines(
        {
          title: 'DNS queries per second',
          description:
            'Queries, and those among them that were sent again because no answer came in time. The resolvers of the clouds drop queries beyond 1,024 per second.'
        },
        [
          { query: asked.dnsQueries, legend: 'sent to {{resolver}} from {{instance}}' },
          { query: asked.dnsResends, legend: 'again to {{resolver}} from {{instance}}' }
        ],
        'reqps'
      ).span(6)
    )
    .withRow(boardRow('Address by address'))
    .withPanel(
      stateTimeline(
        {
          title: 'Addresses',
          description: `Whether the link works on each address, in ascending order of the addresses. ${whatAnAddressTells}`
        },
        { query: asked.addresses, legend: 'address {{address_slot}} from {{instance}}' },
        upOrDown
      ).span(12)
    )
    .withPanel(
      lines(
        {
          title: 'Observations per second',
          description: 'Checks of each layer, one for each resolver or address.'
        },
        [{ query: asked.observations, legend: '{{layer}}' }],
        'cps'
      ).span(12)
    )
    .withRow(boardRow('The rounds themselves'))
    .withPanel(
      lines(
        {
          title: 'Duration of a round',
          description:
            'Duration of the last round. Except in the first round of an outage, it is at most nine tenths of the interval.'
        },
        [{ query: asked.roundDurations, legend: '{{instance}}' }],
        's'
      ).span(6)
    )
    .withPanel(
      lines(
        { title: 'Rounds per second', description: 'Rounds that ended. At an interval of 10 seconds, this is 0.1.' },
        [{ query: asked.rounds, legend: '{{instance}}' }],
        'cps'
      ).span(6)
    )
    .withPanel(
      bars(
        {
          title: 'Rounds held',
          description: 'Rounds that gave no verdict, because something was wrong with the probe itself.'
        },
        [{ query: asked.roundsHeld, legend: '{{instance}}' }],
        'short'
      ).span(4)
    )
    .withPanel(
      bars(
        { title: 'Rounds missed', description: 'Rounds that did not begin in time.' },
        [{ query: asked.roundsMissed, legend: '{{instance}}' }],
        'short'
      ).span(4)
    )
    .withPanel(
      number(
        {
          title: 'Changes of case',
          description: 'Changes of the case in the time range of this board.'
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

/** A row for each state, in its color. */
function stateOverTime() {
  const panel = stateTimeline(
    {
      title: 'State',
      description:
        'Red: clients fail. Amber: a critical finding, so some clients fail. Gray: unknown, or the verdict is held. Several probes may report different states.'
    },
    { query: asked.states, legend: '{{state}}' },
    whileItIs(colour.neutral)
  )
    .height(6)
    .span(5)
  for (const state of states) {
    panel.overrideByName(state, [{ id: 'mappings', value: whileItIs(colourOfState[state]) }])
  }
  return panel
}
