import { impairments } from '../../probe/impairments.ts'
import type { Settings } from '../settings.ts'
import { annotate } from './annotations.ts'
import { type AlertingRule, alertName } from './rule.ts'

/** What is wrong with those who watch: a link that nobody looks at is not well, only quiet. */
export function probeAlerts(settings: Settings): readonly AlertingRule[] {
  return [...gone(settings), down(settings), stale(settings), ...impaired(settings), rejected(settings)]
}

const known = 'last_over_time(privatelink_target_info[1d])'

function gone(settings: Settings): readonly AlertingRule[] {
  const alert = alertName('probe-gone')
  const never = alertName('no-probe')
  const labels = { severity: 'critical' } as const
  const remedy =
    '1. see whether the probe runs, and why it ended: its log says so\n2. see whether Prometheus reaches it: its page of targets has the error\n3. until it is back, look by hand: npm run doctor -- <private link>'
  return [
    {
      alert,
      expr: `group by (environment) (${known}) unless on (environment) group by (environment) (privatelink_target_info)`,
      for: '1m',
      labels,
      annotations: annotate(alert, settings, {
        summary: '{{ $labels.environment }}: nobody watches its private links any more',
        meaning:
          'No probe tells of the private links of this environment, but one did in the last day. Whether the links work is not known; alerts about them end although nothing has healed.',
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
        meaning: 'Prometheus has rules for private links, but has not seen a probe in the last day.',
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
        'One of the probes that watch this environment does not answer. Others may still do, but what it alone sees, such as its own availability zone, is not watched.',
      remedy: '1. see whether it runs, and why it ended: its log says so\n2. see whether Prometheus reaches it'
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
        '{{ $labels.environment }}: the probe {{ $labels.instance }} has stopped looking at {{ $value }} of its targets',
      meaning:
        'The probe answers, but its rounds do not begin any more, or never did. What it says of these targets is old.',
      remedy:
        '1. see its log, and privatelink_rounds_missed_total: too few DNS queries a second for its targets make rounds late\n2. see whether it gets processor time: privatelink_impairment\n3. restart it, and keep the log for a bug report'
    })
  }
}

/** A config that was refused is told by an alert of its own. */
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
