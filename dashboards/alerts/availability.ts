import type { Settings } from '../settings.ts'
import { annotate } from './annotations.ts'
import { type AlertingRule, alertName, type RecordingRule } from './rule.ts'
import { sustainedCase, withIdentity } from './sustained.ts'

/** A target, as far as its availability is concerned. */
const target = 'target, environment, cloud'

/** Share of the time in which a link works, whose windows are averages of the first. */
export const availability = (window: string) => `target:privatelink_availability:ratio_${window}`

/** The windows in which an objective of 30 days is looked at. */
export const windows = ['5m', '1h', '2h', '1d', '30d'] as const

/** In each minute, how many samples have no symptom among those that have a verdict; several views count alike. */
export function availabilityRules(): readonly RecordingRule[] {
  const none = 'privatelink_symptom{symptom="none"}'
  const unknown = 'privatelink_symptom{symptom="unknown"}'
  const sum = (query: string) => `sum by (${target}) (${withIdentity(query)})`
  const good = sum(`sum_over_time(${none}[1m])`)
  const judged = sum(`(count_over_time(${none}[1m]) - ignoring (symptom) sum_over_time(${unknown}[1m]))`)
  return [
    { record: availability('1m'), expr: `${good} / (${judged} > 0)` },
    ...windows.map(window => ({
      record: availability(window),
      expr: `avg_over_time(${availability('1m')}[${window}])`
    }))
  ]
}

/**
 * Two alerts on the error budget, by the recipe of Google's SRE workbook (chapter 5): fast where a fiftieth of a month's budget is
 * gone in an hour, slow where a tenth is gone in a day. They tell what the alerts on symptoms do not: a link that is down for ten
 * seconds every minute. So a link of which a case stands is not theirs, and one that flaps is given ten minutes.
 */
export function availabilityAlerts(settings: Settings): readonly AlertingRule[] {
  const percent = `${(settings.objective * 100).toFixed(3).replace(/\.?0+$/, '')} %`
  const burns = (window: string, rate: number) =>
    `(1 - ${availability(window)}) > ${rate} * (1 - ${settings.objective})`
  const remedy =
    "1. see on the target's board when it was down, with which cases, and on which addresses\n2. look for what comes and goes: one availability zone, one resolver of several, a full connection table, a cluster that scales"
  const alert = { fast: alertName('availability-burns-fast'), slow: alertName('availability-burns-slowly') }
  return [
    {
      alert: alert.fast,
      expr: `(${burns('1h', 14.4)} and ${burns('5m', 14.4)}) unless on (target) ${sustainedCase}`,
      for: '10m',
      labels: { severity: 'critical' },
      annotations: annotate(alert.fast, settings, {
        summary: '{{ $labels.target }}: down for {{ $value | humanizePercentage }} of the last hour, on and off',
        meaning: `The link comes and goes. At this rate the ${percent} that it is meant to work over 30 days are lost within two days.`,
        remedy
      })
    },
    {
      alert: alert.slow,
      expr: `(${burns('1d', 3)} and ${burns('2h', 3)}) unless on (target) ${sustainedCase}`,
      for: '15m',
      labels: { severity: 'warning' },
      annotations: annotate(alert.slow, settings, {
        summary: '{{ $labels.target }}: down for {{ $value | humanizePercentage }} of the last day, on and off',
        meaning: `The link comes and goes. At this rate the ${percent} that it is meant to work over 30 days are lost within ten days.`,
        remedy
      })
    }
  ]
}

/** A link that changes its case again and again, whether it is down for long or not. */
export function flappingAlert(settings: Settings): AlertingRule {
  const alert = alertName('flapping')
  const changes = `max by (${target}) (${withIdentity('increase(privatelink_case_changes_total[15m])')})`
  return {
    alert,
    expr: `${changes} >= 6`,
    labels: { severity: 'warning' },
    annotations: annotate(alert, settings, {
      summary: '{{ $labels.target }}: its case changed {{ $value | humanize }} times in 15 minutes',
      meaning: 'The link goes from one case to another and back. Each is too short to be an alert of its own.',
      remedy:
        "1. see on the target's board between which cases it changes, and on which addresses and resolvers\n2. an address or a resolver that fails now and then is the commonest reason"
    })
  }
}
