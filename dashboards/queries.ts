import { availability, samplesJudged, samplesUp } from './alerts/availability.ts'
import { labelsBut } from './alerts/series-labels.ts'
import { identity, withIdentity } from './alerts/views.ts'
import type { Settings } from './settings.ts'

/** All targets of the environments that were chosen. The name of a target is the same for all probes, and unique. */
const inEnvironments = (query: string) =>
  `${query} and on (target) privatelink_target_info{environment=~"$environment"}`
const ofEnvironments = '{environment=~"$environment"}'
/** The one target that was chosen. */
const ofTarget = 'target="$target"'
const oneView = `ignoring (${labelsBut('target')})`
/** What is a probe's own, not of the whole of a process that runs elsewhere. */
const ofProbes = `and ignoring (${labelsBut()}) privatelink_build_info`

/** How many targets have a state: the worst of what their probes report. It is unknown if all of them report that. */
const inState = {
  failing: inEnvironments('privatelink_state{state="failing"}'),
  degraded: `${inEnvironments('privatelink_state{state="degraded"}')} unless on (target) privatelink_state{state="failing"}`,
  unknown: `${inEnvironments('privatelink_state{state="unknown"}')} unless on (target) privatelink_state{state!="unknown"}`
}
const countOf = (query: string) => `count(group by (target) (${query})) or vector(0)`

/** How often a counter rose, also where it begins with its first failure. */
const risen = (series: string) =>
  `((${series} unless ${series} offset $__rate_interval) or increase(${series}[$__rate_interval]))`

/** Each state with its case. While its verdict is held, it has none. */
const state = `max without (${labelsBut('target', 'state')}) (privatelink_state)`
const statesWithCase = `${state} * ${oneView} group_left (case) privatelink_case or ${oneView} ${state}`

/** What the overview asks. */
export const overviewQueries = ({ objective }: Settings) => {
  const wanted = `(1 - ${objective})`
  const month = inEnvironments(`${availability('30d')}${ofEnvironments}`)
  return {
    targets: `count(group by (target) (privatelink_target_info${ofEnvironments}))`,
    failing: countOf(inState.failing),
    degraded: countOf(inState.degraded),
    unknown: countOf(inState.unknown),
    worstAvailability: `min(${month})`,
    nextCertificate: `min(${inEnvironments('privatelink_certificate_not_after_timestamp_seconds')}) * 1000`,
    impaired: `count(max without (${labelsBut()}) (privatelink_impairment) == 1) or vector(0)`,
    cases: `group by (${identity}, state, case) (${inEnvironments(withIdentity(`(${statesWithCase})`))})`,
    availability: `min by (target) (${month})`,
    budgetLeft: `1 - (1 - min by (target) (${month})) / ${wanted}`,
    slowestLayer: `topk by (target) (1, ${inEnvironments('sum by (target, layer) (rate(privatelink_layer_duration_seconds_sum[15m])) / sum by (target, layer) (rate(privatelink_layer_duration_seconds_count[15m]))')})`,
    certificates: `min by (target) (${inEnvironments('privatelink_certificate_not_after_timestamp_seconds')}) * 1000`,
    findingCount: `count by (target) (group by (target, finding) (${inEnvironments('privatelink_finding')}))`,
    unwellCases: `max by (target, case) (${inEnvironments('privatelink_case{case!="healthy"}')})`,
    causes: `max by (target, cause) (${inEnvironments('privatelink_cause')})`,
    findings: `max by (target, finding) (${inEnvironments('privatelink_finding')})`,
    availabilityOverTime: `min by (environment) (${availability('1h')}${ofEnvironments})`,
    budgetOverTime: `1 - (1 - min by (environment) (${month})) / ${wanted}`,
    durations: `histogram_quantile(0.95, sum by (layer, le) (${inEnvironments('rate(privatelink_layer_duration_seconds_bucket[$__rate_interval])')}))`,
    failures: `sum by (layer, reason) (${inEnvironments(risen('privatelink_failures_total'))}) > 0`,
    impairments: 'max by (instance, impairment) (privatelink_impairment)',
    roundsMissed: `sum by (instance) (${inEnvironments('rate(privatelink_rounds_missed_total[$__rate_interval])')})`,
    configs: 'min by (instance) (privatelink_config_last_reload_successful)',
    processor: `rate(process_cpu_seconds_total[$__rate_interval]) ${ofProbes}`,
    memory: `process_resident_memory_bytes ${ofProbes}`
  }
}

/** What the board of one target asks. */
export const targetQueries = {
  identity: `group by (${identity}) (privatelink_target_info{${ofTarget}})`,
  states: `max by (state) (privatelink_state{${ofTarget}})`,
  cases: `max by (case) (privatelink_case{${ofTarget}})`,
  symptoms: `max by (symptom) (privatelink_symptom{${ofTarget}})`,
  changes: `sum(increase(privatelink_case_changes_total{${ofTarget}}[$__range]))`,
  availability: `min(${availability('30d')}{${ofTarget}})`,
  availabilityInRange: `sum(sum_over_time(${samplesUp('1m')}{${ofTarget}}[$__range])) / sum(sum_over_time(${samplesJudged('1m')}{${ofTarget}}[$__range]))`,
  lastRound: `max(privatelink_last_round_timestamp_seconds{${ofTarget}}) * 1000`,
  certificate: `min(privatelink_certificate_not_after_timestamp_seconds{${ofTarget}}) * 1000`,
  causes: `max by (cause) (privatelink_cause{${ofTarget}})`,
  findings: `max by (finding) (privatelink_finding{${ofTarget}})`,
  layers: `min by (layer) (privatelink_layer_up{${ofTarget}})`,
  durations: `histogram_quantile(0.95, sum by (layer, le) (rate(privatelink_layer_duration_seconds_bucket{${ofTarget}}[$__rate_interval])))`,
  meanDurations: `sum by (layer) (rate(privatelink_layer_duration_seconds_sum{${ofTarget}}[$__rate_interval])) / sum by (layer) (rate(privatelink_layer_duration_seconds_count{${ofTarget}}[$__rate_interval]))`,
  failures: `sum by (layer, reason) (${risen(`privatelink_failures_total{${ofTarget}}`)}) > 0`,
  /** Each check succeeds, and has a duration, or fails. */
  observations: `sum by (layer) (rate(privatelink_layer_duration_seconds_count{${ofTarget}}[$__rate_interval]) or rate(privatelink_failures_total{${ofTarget}}[$__rate_interval]))`,
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
  /** The case of a probe that counted a change in the last ten seconds. After a held verdict, the same case is no change. */
  newCase: `privatelink_case{${ofTarget}} and ${oneView} (privatelink_case_changes_total{${ofTarget}} - privatelink_case_changes_total{${ofTarget}} offset 10s > 0)`
}
