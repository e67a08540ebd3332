import {
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  VariableRefresh,
  VariableSort
} from '@grafana/grafana-foundation-sdk/dashboard'

/** Where all panels and variables ask: the Prometheus that was chosen above. */
export const source = { type: 'prometheus', uid: '${datasource}' }

/** Which Prometheus. */
export const datasourceVariable = new DatasourceVariableBuilder('datasource').label('Data source').type('prometheus')

/** Which environments; all, unless some are chosen. */
export const environmentVariable = labelValues(
  'environment',
  'Environment',
  'label_values(privatelink_target_info, environment)'
)
  .multi(true)
  .includeAll(true)
  .allValue('.*')
  .current({ selected: true, text: ['All'], value: ['$__all'] })

/** Which target, of those environments. */
export const targetVariable = labelValues(
  'target',
  'Target',
  'label_values(privatelink_target_info{environment=~"$environment"}, target)'
)

function labelValues(name: string, label: string, query: string): QueryVariableBuilder {
  return new QueryVariableBuilder(name)
    .label(label)
    .datasource(source)
    .query({ query, refId: name })
    .definition(query)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc)
}
