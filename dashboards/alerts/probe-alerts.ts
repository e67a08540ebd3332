import { impairments } from '../../probe/suspicion/impairments.ts'
import type { Settings } from '../settings.ts'
import { annotate, labelValues, seenFrom } from './annotations.ts'
import { type AlertingRule, alertName, type RecordingRule } from './rule.ts'
import { labelsBut } from './series-labels.ts'
import { identity, withIdentity, withLink } from './views.ts'

/** Every probe with the links that it watches now. */
const watching = 'probe_link:privatelink_target_info:group'
/** Every probe with the links that it watched in the last day. */
const known = 'probe_link:privatelink_target_info:last_1d'
const info = 'privatelink_target_info'

/**
 * Who watched what in the last day. Where discovery drops a probe that ended, its series end and nothing else is left of it. A
 * sample a minute keeps the day cheap to read.
 */
export function knownProbesRules(): readonly RecordingRule[] {
  return [
    { record: watching, expr: `group without (${labelsBut('environment', 'link')}) (${withLink(info)})` },
    { record: known, expr: `last_over_time(${watching}[1d])` }
  ]
}

/** The alerts about the probes themselves that cannot wait. A link without a probe raises no alert of its own. */
export function probeAlerts(settings: Settings): readonly AlertingRule[] {
  return [gone(settings), stale(settings)]
}

/** The alerts about the probes themselves that wait for minutes. */
export function slowProbeAlerts(settings: Settings): readonly AlertingRule[] {
  return [never(settings), missing(settings), down(settings), held(settings), ...impaired(settings), rejected(settings)]
}

/** All labels that the probe or the rules give: what is left identifies a probe. */
const given = labelsBut()
const byLink = 'environment, link'
/** Probes that Prometheus knows of and cannot read. */
const unread = `${known} and ignoring (${given}) (up == 0)`

const findProbe = [
  'Check that the probe runs. If it ended, its log has the reason.',
  'Check that Prometheus reaches it: Status > Targets has the error.'
]
const meanwhile = 'Until it runs, check by hand: npx zilliz-privatelink doctor <private link>'

/** A probe that runs is not gone if its config no longer has a link. */
function gone(settings: Settings): AlertingRule {
  const alert = alertName('probe-gone')
  const unwatched = (of: string) => `group by (${byLink}) (${known}${of}) unless on (${byLink}) ${withLink(info)}`
  const isAlive = `${known} and ignoring (${given}) privatelink_build_info`
  return {
    alert,
    expr: `count by (environment) (${unwatched('')} unless on (${byLink}) (${isAlive}))`,
    for: '1m',
    labels: { severity: 'critical' },
    annotations: annotate(alert, settings, {
      summary: '{{ $labels.environment }}: no probe watches {{ $value }} of its private links',
      meaning:
        'No probe reports on these private links, but one did in the last day. It is not known whether the links work. Alerts about them end, although nothing was fixed.',
      steps: [...findProbe, meanwhile],
      links: labelValues('link', unwatched('{environment=%q}'), 'environment'),
      last_seen_from: labelValues(
        'instance',
        `group by (instance) (${known}{environment=%q} unless on (${byLink}) ${withLink(info)} unless ignoring (${given}) privatelink_build_info)`,
        'environment'
      )
    })
  }
}

function never(settings: Settings): AlertingRule {
  const alert = alertName('no-probe')
  return {
    alert,
    expr: `absent(${known} or privatelink_build_info)`,
    for: '5m',
    labels: { severity: 'critical' },
    annotations: annotate(alert, settings, {
      summary: 'Prometheus scrapes no probe of private links',
      meaning: 'Prometheus has rules for private links, but no probe has appeared in the last day.',
      steps: [...findProbe, meanwhile]
    })
  }
}

/** A probe that Prometheus knows of and cannot read has an alert of its own, so it counts. */
function missing(settings: Settings): AlertingRule {
  const alert = alertName('probe-missing')
  const expected = `max by (${byLink}) (${watching} * ignoring (${given}) group_left () privatelink_probes_expected)`
  const views = `count by (${byLink}) (group by (${byLink}, job, instance) (${watching} or ${unread}))`
  const lost = `group by (instance) (${known}{environment=%q,link=%q} unless on (instance, ${byLink}) ${watching})`
  return {
    alert,
    expr: `${expected} - ${views} > 0`,
    for: '5m',
    labels: { severity: 'warning' },
    annotations: annotate(alert, settings, {
      summary: '{{ $labels.environment }}/{{ $labels.link }}: {{ $value }} of its probes are missing',
      meaning:
        'Fewer probes watch this private link than its deploy runs. The discovery of Prometheus does not list the missing ones. Their availability zones and resolvers are not monitored.',
      steps: [
        'Check that each probe of the link runs. If one ended, its log has the reason.',
        'Check that discovery finds each of them: Status > Service Discovery in Prometheus.',
        'Deploy the environment again, or your own stack with `cdktf deploy`. The deploy starts the missing probes.\n   npm run deploy -- {{ $labels.environment }}'
      ],
      missing: labelValues('instance', lost, 'environment', 'link')
    })
  }
}

function down(settings: Settings): AlertingRule {
  const alert = alertName('probe-down')
  return {
    alert,
    expr: `group without (link) (${unread})`,
    for: '5m',
    labels: { severity: 'warning' },
    annotations: annotate(alert, settings, {
      summary: '{{ $labels.environment }}: probe {{ $labels.instance }} does not answer',
      meaning:
        'One of the probes that watch this environment does not answer. Its availability zone and its resolvers are not monitored, unless another probe uses them.',
      steps: findProbe
    })
  }
}

function stale(settings: Settings): AlertingRule {
  const alert = alertName('probe-stale')
  const ofView = `ignoring (${labelsBut('target')})`
  const begun = 'privatelink_last_round_timestamp_seconds'
  const due = '3 * privatelink_interval_seconds + 30'
  const late = `time() - ${begun} > ignoring (${given}) group_left () (${due})`
  return {
    alert,
    expr: `count without (${labelsBut('environment')}) ((${info} and ${ofView} (${late})) or (${info} unless ${ofView} ${begun}))`,
    for: '2m',
    labels: { severity: 'critical' },
    annotations: annotate(alert, settings, {
      summary:
        '{{ $labels.environment }}: the probe {{ $labels.instance }} no longer checks {{ $value }} of its targets',
      meaning: 'The probe answers, but starts no rounds. The results for these targets are old.',
      steps: [
        'Check its log, and privatelink_rounds_missed_total. If queriesPerSecond is too low for its targets, rounds are late.',
        'Check in privatelink_impairment that it gets processor time.',
        'Save the log for a bug report, and restart the probe.'
      ]
    })
  }
}

/** While every verdict on a target is held, no other alert can report that it fails. */
function held(settings: Settings): AlertingRule {
  const alert = alertName('verdict-held')
  return {
    alert,
    expr: `min by (${identity}) (${withIdentity('privatelink_verdict_held')}) == 1`,
    for: '5m',
    labels: { severity: 'critical' },
    annotations: annotate(alert, settings, {
      summary: '{{ $labels.target }}: every probe holds its verdict',
      meaning:
        'Something is wrong with every probe that watches this target. They hold their verdicts, because the problem may have falsified them. It is not known whether the link works, and other alerts about it end.',
      steps: [
        'Fix the impairment of the probes, which the annotation held_by names. PrivateLinkProbeImpaired has the steps.',
        "Until then, check from a client's host: npx zilliz-privatelink doctor https://{{ $labels.host }}:{{ $labels.port }}"
      ],
      held_by: labelValues('impairment', 'group by (impairment) (privatelink_verdict_held_by{target=%q})', 'target'),
      seen_from: seenFrom(target => `privatelink_verdict_held{${target}} == 1`)
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
      expr: `max without (${labelsBut('impairment')}) (privatelink_impairment{impairment="${id}"}) == 1`,
      for: '5m',
      labels: { severity: 'warning', impairment: id },
      annotations: annotate(alert, settings, {
        summary: `Probe {{ $labels.instance }} is impaired: ${id}`,
        meaning: `${meaning} Meanwhile, the probe holds ${invalidates}.`,
        steps: [remedy]
      })
    }))
}

function rejected(settings: Settings): AlertingRule {
  const alert = alertName('probe-config-rejected')
  const id = 'config-rejected'
  const { meaning, remedy } = impairments.find(each => each.id === id) ?? { meaning: '', remedy: '' }
  return {
    alert,
    expr: `min without (${given}) (privatelink_config_last_reload_successful) == 0`,
    for: '5m',
    labels: { severity: 'warning' },
    annotations: annotate(alert, settings, {
      summary: 'Probe {{ $labels.instance }} rejects its new config',
      meaning,
      steps: [remedy]
    })
  }
}
