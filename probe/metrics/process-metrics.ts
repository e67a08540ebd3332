import { collectDefaultMetrics, Gauge, type Registry } from 'prom-client'

/**
 * Adds the metrics of the process and of Node, except gauges whose names end in `_total`: only a counter may have such a name, and
 * OpenMetrics then has two families of one name.
 */
export function collectProcessMetrics(register: Registry): void {
  collectDefaultMetrics({ register, eventLoopMonitoringPrecision: 100, gcDurationBuckets: [0.001, 0.005, 0.05, 0.25] })
  for (const { name } of register.getMetricsAsArray()) {
    if (name.endsWith('_total') && register.getSingleMetric(name) instanceof Gauge) register.removeSingleMetric(name)
  }
}
