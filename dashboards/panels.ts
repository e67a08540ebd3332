import * as common from '@grafana/grafana-foundation-sdk/common'
import {
  GraphDrawStyle,
  LegendDisplayMode,
  LegendPlacement,
  SortOrder,
  StackingMode,
  TooltipDisplayMode,
  VisibilityMode
} from '@grafana/grafana-foundation-sdk/common'
import {
  FieldColorBuilder,
  FieldColorModeId,
  MappingType,
  RowBuilder,
  type Threshold,
  ThresholdsConfigBuilder,
  ThresholdsMode,
  type ValueMapping
} from '@grafana/grafana-foundation-sdk/dashboard'
import { DataqueryBuilder, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus'
import * as stat from '@grafana/grafana-foundation-sdk/stat'
import * as statetimeline from '@grafana/grafana-foundation-sdk/statetimeline'
import * as table from '@grafana/grafana-foundation-sdk/table'
import * as timeseries from '@grafana/grafana-foundation-sdk/timeseries'
import type { State } from '../probe/cases/state.ts'
import { source } from './variables.ts'

/** A title, and what a person must know who has never seen the panel. */
export interface Words {
  readonly title: string
  readonly description: string
}

/** A line or a state for each series, named by its labels as in `{{layer}}`. */
export interface Legend {
  readonly query: string
  readonly legend: string
}

/** Colours by what they mean. */
export const colour = { good: 'green', bad: 'red', careful: 'orange', neutral: 'blue', unknown: '#8e8e8e' } as const

/** The color of each state, the same everywhere. */
export const colourOfState: Readonly<Record<State, string>> = {
  healthy: colour.good,
  degraded: colour.careful,
  failing: colour.bad,
  unknown: colour.unknown
}

/** One number, with a color for each step, from the lowest up. */
export function number({ title, description }: Words, query: string, unit: string, steps: readonly Threshold[]) {
  return new stat.PanelBuilder()
    .title(title)
    .description(description)
    .datasource(source)
    .withTarget(new DataqueryBuilder().datasource(source).expr(query).instant().refId('A'))
    .unit(unit)
    .thresholds(new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps([...steps]))
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Thresholds))
    .colorMode(common.BigValueColorMode.Value)
    .graphMode(common.BigValueGraphMode.None)
    .height(4)
}

/** A line for each series over time. */
export function lines({ title, description }: Words, series: readonly Legend[], unit: string) {
  const panel = new timeseries.PanelBuilder()
    .title(title)
    .description(description)
    .datasource(source)
    .unit(unit)
    .lineWidth(1)
    .fillOpacity(8)
    .showPoints(VisibilityMode.Never)
    .axisSoftMin(0)
    .legend(
      new common.VizLegendOptionsBuilder()
        .displayMode(LegendDisplayMode.List)
        .placement(LegendPlacement.Bottom)
        .showLegend(true)
    )
    .tooltip(new common.VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending))
    .height(8)
  series.forEach(({ query, legend }, index) => {
    panel.withTarget(ranged(query, legend, index))
  })
  return panel
}

/** How often something happened, as bars on top of each other. */
export function bars(words: Words, series: readonly Legend[], unit: string) {
  return lines(words, series, unit)
    .drawStyle(GraphDrawStyle.Bars)
    .fillOpacity(80)
    .stacking(new common.StackingConfigBuilder().mode(StackingMode.Normal))
}

/** A row for each series over time, filled where it has a value. */
export function stateTimeline(
  { title, description }: Words,
  { query, legend }: Legend,
  mappings: readonly ValueMapping[]
) {
  return new statetimeline.PanelBuilder()
    .title(title)
    .description(description)
    .datasource(source)
    .withTarget(ranged(query, legend, 0))
    .mappings([...mappings])
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Thresholds))
    .mergeValues(true)
    .showValue(VisibilityMode.Never)
    .fillOpacity(80)
    .lineWidth(0)
    .rowHeight(0.8)
    .legend(
      new common.VizLegendOptionsBuilder()
        .displayMode(LegendDisplayMode.List)
        .placement(LegendPlacement.Bottom)
        .showLegend(false)
    )
    .height(8)
}

/** A row for each series as they are now; several queries are joined by the labels that they share. */
export function rows({ title, description }: Words, queries: Readonly<Record<string, string>>) {
  const panel = new table.PanelBuilder()
    .title(title)
    .description(description)
    .datasource(source)
    .withTransformation({ id: 'merge', options: {} })
    .height(10)
  for (const [refId, query] of Object.entries(queries)) {
    panel.withTarget(
      new DataqueryBuilder().datasource(source).expr(query).instant().format(PromQueryFormat.Table).refId(refId)
    )
  }
  return panel
}

/** The title above panels that belong together. */
export function boardRow(title: string) {
  return new RowBuilder(title)
}

/** `1` and `0` in words and colours. */
export const upOrDown: readonly ValueMapping[] = [
  {
    type: MappingType.ValueToText,
    options: {
      '1': { text: 'up', color: colour.good, index: 0 },
      '0': { text: 'down', color: colour.bad, index: 1 }
    }
  }
]

/** A series that is there only while something is the case. */
export const whileItIs = (color: string): readonly ValueMapping[] => [
  { type: MappingType.ValueToText, options: { '1': { text: 'yes', color, index: 0 } } }
]

/** Steps of colours, each from its value on. */
export const steps = (first: string, ...rest: readonly (readonly [number, string])[]): readonly Threshold[] => [
  { value: null, color: first },
  ...rest.map(([value, color]) => ({ value, color }))
]

function ranged(query: string, legend: string, index: number) {
  return new DataqueryBuilder()
    .datasource(source)
    .expr(query)
    .range()
    .legendFormat(legend)
    .refId(String.fromCharCode('A'.charCodeAt(0) + index))
}
