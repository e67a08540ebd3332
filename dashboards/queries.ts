import { availability } from './alerts/availability.ts'
import type { Settings } from './settings.ts'

/** All targets of the environments that were chosen. */
const inEnvironments = (query: string) =>
  `${query} and on (target) privatelink_target_info{environment=~"$environment"}`
const ofEnvironments = '{environment=~"$environment"}'
/** The one target that was chosen. */
const ofTarget = 'target="$target"'

/** What the overview asks. */
export const overviewQueries = ({ objective }: Settings) => {
  const wanted = `(1 - ${objective})`
  return {
    targets: `count(group by (target) (privatelink_target_info${ofEnvironments}))`,
    unwell: `count(group by (target) (${inEnvironments('privatelink_case{case!="healthy"} == 1')})) or vector(0)`,
    worstAvailability: `min(${availability('30d')}${ofEnvironments})`,
    nextCertificate: `min(${inEnvironments('privatelink_certificate_not_after_timestamp_seconds')}) * 1000`,
    impaired: 'count(group by (instance) (privatelink_impairment == 1)) or vector(0)',
    cases: `group by (environment, target, cloud, region, host, port, case) (${inEnvironments('(privatelink_case == 1)')} * on (job, instance, target) group_left (environment, cloud, region, host, port) privatelink_target_info)`,
    availability: `min by (target) (${availability('30d')}${ofEnvironments})`,
    budgetLeft: `1 - (1 - min by (target) (${availability('30d')}${ofEnvironments})) / ${wanted}`,
    slowestLayer: `topk by (target) (1, ${inEnvironments('sum by (target, layer) (rate(privatelink_layer_duration_seconds_sum[15m])) / sum by (target, layer) (rate(privatelink_layer_duration_seconds_count[15m]))')})`,
    certificates: `min by (target) (${inEnvironments('privatelink_certificate_not_after_timestamp_seconds')}) * 1000`,
    findingCount: `sum by (target) (max by (target, finding) (${inEnvironments('privatelink_finding')}))`,
    unwellCases: `max by (target, case) (${inEnvironments('privatelink_case{case!="healthy"} == 1')})`,
    findings: `max by (target, finding) (${inEnvironments('privatelink_finding == 1')})`,
    availabilityOverTime: `min by (environment) (${availability('1h')}${ofEnvironments})`,
    budgetOverTime: `1 - (1 - min by (environment) (${availability('30d')}${ofEnvironments})) / ${wanted}`,
    durations: `histogram_quantile(0.95, sum by (layer, le) (${inEnvironments('rate(privatelink_layer_duration_seconds_bucket[$__rate_interval])')}))`,
    failures: `sum by (layer, reason) (${inEnvironments('increase(privatelink_failures_total[$__rate_interval])')}) > 0`,
    impairments: 'max by (instance, impairment) (privatelink_impairment)',
    roundsMissed: `sum by (instance) (${inEnvironments('rate(privatelink_rounds_missed_total[$__rate_interval])')})`,
    configs: 'min by (instance) (privatelink_config_last_reload_successful)',
    processor: 'rate(process_cpu_seconds_total[$__rate_interval]) and on (job, instance) privatelink_build_info',
    memory: 'process_resident_memory_bytes and on (job, instance) privatelink_build_info'
  }
}

/** What the board of one target asks. */
export const targetQueries = {
  identity: `group by (target, environment, cloud, region, host, port) (privatelink_target_info{${ofTarget}})`,
  cases: `max by (case) (privatelink_case{${ofTarget}} == 1)`,
  symptoms: `max by (symptom) (privatelink_symptom{${ofTarget}} == 1)`,
  changes: `sum(increase(privatelink_case_changes_total{${ofTarget}}[$__range]))`,
  availability: `min(${availability('30d')}{${ofTarget}})`,
  availabilityInRange: `avg_over_time(${availability('1m')}{${ofTarget}}[$__range])`,
  lastRound: `max(privatelink_last_round_timestamp_seconds{${ofTarget}}) * 1000`,
  certificate: `min(privatelink_certificate_not_after_timestamp_seconds{${ofTarget}}) * 1000`,
  findings: `max by (finding) (privatelink_finding{${ofTarget}} == 1)`,
  layers: `min by (layer) (privatelink_layer_up{${ofTarget}})`,
  durations: `histogram_quantile(0.95, sum by (layer, le) (rate(privatelink_layer_duration_seconds_bucket{${ofTarget}}[$__rate_interval])))`,
  meanDurations: `sum by (layer) (rate(privatelink_layer_duration_seconds_sum{${ofTarget}}[$__rate_interval])) / sum by (layer) (rate(privatelink_layer_duration_seconds_count{${ofTarget}}[$__rate_interval]))`,
  failures: `sum by (layer, reason) (increase(privatelink_failures_total{${ofTarget}}[$__rate_interval])) > 0`,
  observations: `sum by (layer) (rate(privatelink_observations_total{${ofTarget}}[$__rate_interval]))`,
  resolvers: `min by (instance, resolver) (privatelink_dns_up{${ofTarget}})`,
  agreement: `min by (instance) (privatelink_dns_resolvers_agree{${ofTarget}})`,
  ttls: `min by (instance, resolver) (privatelink_dns_ttl_seconds{${ofTarget}})`,
  dnsQueries: `sum by (instance, resolver) (rate(privatelink_dns_queries_total{${ofTarget}}[$__rate_interval]))`,
  dnsResends: `sum by (instance, resolver) (rate(privatelink_dns_resends_total{${ofTarget}}[$__rate_interval]))`,
  addresses: `min by (instance, address_slot) (privatelink_address_up{${ofTarget}})`,
  roundDurations: `max by (instance) (privatelink_last_round_seconds{${ofTarget}})`,
  rounds: `sum by (instance) (rate(privatelink_rounds_total{${ofTarget}}[$__rate_interval]))`,
  roundsHeld: `sum by (instance) (increase(privatelink_rounds_held_total{${ofTarget}}[$__rate_interval]))`,
  roundsMissed: `sum by (instance) (increase(privatelink_rounds_missed_total{${ofTarget}}[$__rate_interval]))`,
  /** Where a case stands that did not ten seconds before. */
  newCase: `privatelink_case{${ofTarget}} == 1 unless on (job, instance, target, case) (privatelink_case{${ofTarget}} offset 10s == 1)`
}
