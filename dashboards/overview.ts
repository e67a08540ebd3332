import { TableCellDisplayMode } from '@grafana/grafana-foundation-sdk/common'
import {
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  MappingType
} from '@grafana/grafana-foundation-sdk/dashboard'
import { catalogue } from '../probe/cases/catalogue.ts'
import { states } from '../probe/cases/state.ts'
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
import { overviewQueries } from './queries.ts'
import type { Settings } from './settings.ts'
import { targetBoard } from './target.ts'
import { datasourceVariable, environmentVariable } from './variables.ts'

/** Every target at a glance: which is well, which is not, why, and how long the certificates last. */
export function overview(settings: Settings): Dashboard {
  const asked = overviewQueries(settings)
  const percent = `${settings.objective * 100} %`
  return new DashboardBuilder('Private links')
    .uid('privatelink-overview')
    .description('Every private link to Zilliz Cloud, as the probes in its network report it.')
    .tags(['privatelink'])
    .time({ from: 'now-6h', to: 'now' })
    .refresh('30s')
    .tooltip(DashboardCursorSync.Crosshair)
    .withVariable(datasourceVariable)
    .withVariable(environmentVariable)
    .withRow(boardRow('Now'))
    .withPanel(
      number(
        { title: 'Targets', description: 'Hosts that the probes watch, in the selected environments.' },
        asked.targets,
        'none',
        steps(colour.neutral)
      ).span(3)
    )
    .withPanel(
      number(
        {
          title: 'Failing',
          description: 'Hosts that clients in their network cannot reach, or not privately.'
        },
        asked.failing,
        'none',
        steps(colour.good, [1, colour.bad])
      ).span(3)
    )
    .withPanel(
      number(
        {
          title: 'Degraded',
          description: 'Hosts with a critical finding: some clients fail, such as those of one availability zone.'
        },
        asked.degraded,
        'none',
        steps(colour.good, [1, colour.careful])
      ).span(3)
    )
    .withPanel(
      number(
        {
          title: 'Unknown',
          description:
            'Hosts whose state no probe knows. Their verdicts are held, or a case is missing from the catalog.'
        },
        asked.unknown,
        'none',
        steps(colour.good, [1, colour.unknown])
      ).span(3)
    )
    .withPanel(
      number(
        {
          title: 'Lowest availability, 30 days',
          description: `Share of the time in which a client got through, for the host that was down longest. The objective is ${percent}. The value is up to half an hour old.`
        },
        asked.worstAvailability,
        'percentunit',
        steps(colour.bad, [settings.objective, colour.good])
      )
        .decimals(3)
        .span(4)
    )
    .withPanel(
      number(
        {
          title: 'Next certificate expires',
          description:
            'When the first of all certificates expires. Zilliz Cloud renews certificates 30 days before they expire.'
        },
        asked.nextCertificate,
        'dateTimeFromNow',
        steps(colour.neutral)
      ).span(4)
    )
    .withPanel(
      number(
        {
          title: 'Probes impaired',
          description: 'Probes that have a problem themselves. They hold the verdicts that it may have falsified.'
        },
        asked.impaired,
        'none',
        steps(colour.good, [1, colour.careful])
      ).span(4)
    )
    .withPanel(everyTarget(asked, settings))
    .withRow(boardRow('What was wrong'))
    .withPanel(
      stateTimeline(
        {
          title: 'Cases',
          description:
            'The case of each host over time, if it is not `healthy`. If this is empty, all hosts were healthy.'
        },
        { query: asked.unwellCases, legend: '{{target}} · {{case}}' },
        whileItIs(colour.bad)
      )
        .noValue('All hosts were healthy')
        .span(8)
    )
    .withPanel(
      stateTimeline(
        {
          title: 'Causes',
          description:
            'What in the configuration of the cloud produced a case, where a probe with `cloudFacts` confirmed it.'
        },
        { query: asked.causes, legend: '{{target}} · {{cause}}' },
        whileItIs(colour.bad)
      )
        .noValue('No cause is confirmed')
        .span(8)
    )
    .withPanel(
      stateTimeline(
        {
          title: 'Findings',
          description: 'Problems that did not stop a link: a slow or failed address, packet loss, an outdated record.'
        },
        { query: asked.findings, legend: '{{target}} · {{finding}}' },
        whileItIs(colour.careful)
      )
        .noValue('No findings')
        .span(8)
    )
    .withPanel(
      bars(
        {
          title: 'Failures',
          description: 'Failed checks of each layer by reason, one for each resolver or address of each host.'
        },
        [{ query: asked.failures, legend: '{{layer}}: {{reason}}' }],
        'short'
      ).span(12)
    )
    .withPanel(
      lines(
        {
          title: 'Duration of each layer, 95 %',
          description:
            'Duration of successful checks of DNS, TCP, TLS and a request, for all hosts: the 95th percentile. A step to 1 s means that a SYN was sent twice.'
        },
        [{ query: asked.durations, legend: '{{layer}}' }],
        's'
      ).span(12)
    )
    .withRow(boardRow('Availability'))
    .withPanel(
      lines(
        {
          title: 'Availability of the last hour',
          description:
            'Share of the last hour in which clients could connect, for the host of each environment that was down longest.'
        },
        [{ query: asked.availabilityOverTime, legend: '{{environment}}' }],
        'percentunit'
      )
        .max(1)
        .span(12)
    )
    .withPanel(
      lines(
        {
          title: 'Error budget left',
          description: `How much is left of the time that a host may be down in 30 days, at an objective of ${percent}. Below zero, the objective is missed.`
        },
        [{ query: asked.budgetOverTime, legend: '{{environment}}' }],
        'percentunit'
      )
        .max(1)
        .span(12)
    )
    .withRow(boardRow('The probes themselves'))
    .withPanel(
      stateTimeline(
        {
          title: 'Impairments',
          description:
            'Problems of the probes themselves. While an impairment holds a verdict, alerts about that target are not reliable.'
        },
        { query: asked.impairments, legend: '{{instance}} · {{impairment}}' },
        [
          {
            type: MappingType.ValueToText,
            options: {
              '0': { text: 'no', color: 'transparent', index: 0 },
              '1': { text: 'yes', color: colour.careful, index: 1 }
            }
          }
        ]
      ).span(12)
    )
    .withPanel(
      stateTimeline(
        {
          title: 'Config accepted',
          description:
            'Whether each probe accepted its config when it last read it. `down` means that it continues with the old config.'
        },
        { query: asked.configs, legend: '{{instance}}' },
        upOrDown
      ).span(12)
    )
    .withPanel(
      lines(
        {
          title: 'Rounds missed per second',
          description:
            'Rounds that did not begin in time, because the previous round or the limit on DNS queries delayed them.'
        },
        [{ query: asked.roundsMissed, legend: '{{instance}}' }],
        'cps'
      ).span(8)
    )
    .withPanel(
      lines(
        {
          title: 'Processor',
          description: 'Processor time of each probe. It needs less than one core for 1,000 targets.'
        },
        [{ query: asked.processor, legend: '{{instance}}' }],
        'percentunit'
      ).span(8)
    )
    .withPanel(
      lines(
        { title: 'Memory', description: 'Resident memory of each probe.' },
        [{ query: asked.memory, legend: '{{instance}}' }],
        'decbytes'
      ).span(8)
    )
    .build()
}

function everyTarget(asked: ReturnType<typeof overviewQueries>, { objective }: Settings) {
  const columns = {
    environment: 'Environment',
    target: 'Target',
    cloud: 'Cloud',
    region: 'Region',
    state: 'State',
    case: 'Case',
    'Value #availability': 'Availability, 30 days',
    'Value #budget': 'Error budget left',
    layer: 'Slowest layer',
    'Value #slowest': 'Duration',
    'Value #certificate': 'Certificate expires',
    'Value #findings': 'Findings',
    host: 'Host',
    port: 'Port'
  }
  const columnOf = (name: keyof typeof columns) => columns[name]
  return rows(
    {
      title: 'Every target',
      description:
        'Each host with its state, its case, its availability against the objective, its slowest layer, the expiry of its certificate and the number of findings. Click a name to open its board.'
    },
    {
      cases: asked.cases,
      availability: asked.availability,
      budget: asked.budgetLeft,
      slowest: asked.slowestLayer,
      certificate: asked.certificates,
      findings: asked.findingCount
    }
  )
    .span(24)
    .withTransformation({
      id: 'organize',
      options: {
        excludeByName: { Time: true, 'Value #cases': true },
        indexByName: Object.fromEntries(Object.keys(columns).map((name, index) => [name, index])),
        renameByName: columns
      }
    })
    .overrideByName(columnOf('target'), [
      {
        id: 'links',
        value: [
          {
            title: 'Open the board of this host',
            url: `/d/${targetBoard.uid}?var-datasource=$\{datasource}&var-target=$\{__value.text}&$\{__url_time_range}`
          }
        ]
      }
    ])
    .overrideByName(columnOf('state'), [
      { id: 'custom.cellOptions', value: { type: TableCellDisplayMode.ColorText } },
      { id: 'mappings', value: [{ type: MappingType.ValueToText, options: stateColours() }] }
    ])
    .overrideByName(columnOf('case'), [
      { id: 'custom.cellOptions', value: { type: TableCellDisplayMode.ColorText } },
      { id: 'mappings', value: [{ type: MappingType.ValueToText, options: caseColours() }] }
    ])
    .overrideByName(columnOf('Value #availability'), [
      { id: 'unit', value: 'percentunit' },
      { id: 'decimals', value: 3 },
      { id: 'custom.cellOptions', value: { type: TableCellDisplayMode.ColorText } },
      { id: 'thresholds', value: { mode: 'absolute', steps: steps(colour.bad, [objective, colour.good]) } }
    ])
    .overrideByName(columnOf('Value #budget'), [
      { id: 'unit', value: 'percentunit' },
      { id: 'decimals', value: 0 },
      { id: 'custom.cellOptions', value: { type: TableCellDisplayMode.ColorText } },
      {
        id: 'thresholds',
        value: { mode: 'absolute', steps: steps(colour.bad, [0, colour.careful], [0.5, colour.good]) }
      }
    ])
    .overrideByName(columnOf('Value #slowest'), [{ id: 'unit', value: 's' }])
    .overrideByName(columnOf('Value #certificate'), [{ id: 'unit', value: 'dateTimeFromNow' }])
}

/** Each state as text in its colour. */
function stateColours() {
  return Object.fromEntries(states.map((id, index) => [id, { text: id, color: colourOfState[id], index }]))
}

/** Each case in the colour of its severity. */
function caseColours() {
  const colours = { none: colour.good, info: colour.neutral, warning: colour.careful, critical: colour.bad }
  return Object.fromEntries(
    catalogue.map(({ id, severity }, index) => [id, { text: id, color: colours[severity], index }])
  )
}
