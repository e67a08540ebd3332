import { impairments } from '../../probe/impairments.ts'
import type { Settings } from '../settings.ts'
import { annotate } from './annotations.ts'
import { type AlertingRule, alertName } from './rule.ts'

/** The alerts about the probes themselves. A link without a probe raises no alert of its own. */
export function probeAlerts(settings: Settings): readonly AlertingRule[] {
  return [...gone(settings), down(settings), stale(settings), ...impaired(settings), rejected(settings)]
}

const known = 'last_over_time(privatelink_target_info[1d])'

function gone(settings: Settings): readonly AlertingRule[] {
  const alert = alertName('probe-gone')
  const never = alertName('no-probe')
  const labels = { severity: 'critical' } as const
  const remedy =
    '1. check that the probe runs; if it ended, its log has the reason\n2. check that Prometheus reaches it: Status > Targets has the error\n3. until it runs, check by hand: npm run doctor -- <private link>'
  return [
    {
      alert,
      expr: `group by (environment) (${known}) unless on (environment) group by (environment) (privatelink_target_info)`,
      for: '1m',
      labels,
      annotations: annotate(alert, settings, {
        summary: '{{ $labels.environment }}: no probe watches its private links',
        meaning:
          'No probe reports on the private links of this environment, but one did in the last day. It is not known whether the links work. Alerts about them end, although nothing was fixed.',
        remedy
      })
    },
    {
      alert: never,
      expr: 'absent_over_time(privatelink_build_info[1d])',
      for: '5m',
      labels,
      annotations: annotate(never, settings, {
        summary: 'no probe is scraped',
        meaning: 'Prometheus has rules for private links, but no probe has appeared in the last day.',
        remedy
      })
    }
  ]
}

function down(settings: Settings): AlertingRule {
  const alert = alertName('probe-down')
  return {
    alert,
    expr: `group by (environment, job, instance) (${known}) and on (job, instance) (up == 0)`,
    for: '5m',
    labels: { severity: 'warning' },
    annotations: annotate(alert, settings, {
      summary: '{{ $labels.environment }}: the probe {{ $labels.instance }} cannot be scraped',
      meaning:
        'One of the probes that watch this environment does not answer. Its availability zone and its resolvers are not monitored, unless another probe uses them.',
      remedy: '1. check that the probe runs; if it ended, its log has the reason\n2. check that Prometheus reaches it'
    })
  }
}

function stale(settings: Settings): AlertingRule {
  const alert = alertName('probe-stale')
  const late = 'time() - privatelink_last_round_timestamp_seconds'
  const due = '3 * privatelink_interval_seconds + 30'
  const never = 'privatelink_target_info unless on (job, instance, target) privatelink_last_round_timestamp_seconds'
  return {
    alert,
    expr: `count by (environment, job, instance) (privatelink_target_info and on (job, instance, target) ((${late} > on (job, instance) group_left () (${due})) or (${never})))`,
    for: '2m',
    labels: { severity: 'critical' },
    annotations: annotate(alert, settings, {
      summary:
        '{{ $labels.environment }}: the probe {{ $labels.instance }} no longer checks {{ $value }} of its targets',
      meaning: 'The probe answers, but starts no rounds. The results for these targets are old.',
      remedy:
        '1. check its log, and privatelink_rounds_missed_total: if queriesPerSecond is too low for its targets, rounds are late\n2. check that it gets processor time: privatelink_impairment\n3. save the log for a bug report, and restart the probe'
    })
  }
}

/** A refused config has an alert of its own. */
function impaired(settings: Settings): readonly AlertingRule[] {
  const alert = alertName('probe-impaired')
  return impairments
    .filter(({ invalidates }) => invalidates !== undefined)
    .map(({ id, meaning, remedy, invalidates }) => ({
      alert,
      expr: `privatelink_impairment{impairment="${id}"} == 1`,
      for: '5m',
      labels: { severity: 'warning', impairment: id },
      annotations: annotate(alert, settings, {
        summary: `the probe {{ $labels.instance }}: ${id}`,
        meaning: `${meaning} Held meanwhile: ${invalidates}.`,
        remedy: `1. ${remedy}`
      })
    }))
}

function rejected(settings: Settings): AlertingRule {
  const alert = alertName('probe-config-rejected')
  const id = 'config-rejected'
  const { meaning, remedy } = impairments.find(each => each.id === id) ?? { meaning: '', remedy: '' }
  return {
    alert,
    expr: 'privatelink_config_last_reload_successful == 0',
    for: '5m',
    labels: { severity: 'warning' },
    annotations: annotate(alert, settings, {
      summary: 'the probe {{ $labels.instance }} has refused its config',
      meaning,
      remedy: `1. ${remedy}`
    })
  }
}
