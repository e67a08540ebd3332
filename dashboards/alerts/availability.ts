import type { Settings } from '../settings.ts'
import { annotate } from './annotations.ts'
import { type AlertingRule, alertName, type RecordingRule } from './rule.ts'
import { sustainedCase, withIdentity } from './sustained.ts'

/** The labels of a target that its availability keeps. */
const target = 'target, environment, cloud'

/** Share of the time in which a link works, whose windows are averages of the first. */
export const availability = (window: string) => `target:privatelink_availability:ratio_${window}`

/** The windows over which the rules check an objective of 30 days. */
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
 * Two alerts on the error budget, as in Google's SRE workbook (chapter 5). The fast one fires if a fiftieth of a month's budget is used up
 * in an hour, the slow one if a tenth is used up in a day. They report what the alerts on symptoms do not: a link that is down for ten
 * seconds every minute. So they ignore a link with a sustained case, and wait ten minutes for a link that flaps.
 */
export function availabilityAlerts(settings: Settings): readonly AlertingRule[] {
  const percent = `${(settings.objective * 100).toFixed(3).replace(/\.?0+$/, '')} %`
  const burns = (window: string, rate: number) =>
    `(1 - ${availability(window)}) > ${rate} * (1 - ${settings.objective})`
  const remedy =
    "1. on the target's board, check when it was down, with which cases, and on which addresses\n2. check what fails repeatedly: one availability zone, one resolver of several, a full connection table, a cluster that scales"
  const alert = { fast: alertName('availability-burns-fast'), slow: alertName('availability-burns-slowly') }
  return [
    {
      alert: alert.fast,
      expr: `(${burns('1h', 14.4)} and ${burns('5m', 14.4)}) unless on (target) ${sustainedCase}`,
      for: '10m',
      labels: { severity: 'critical' },
      annotations: annotate(alert.fast, settings, {
        summary: '{{ $labels.target }}: down for {{ $value | humanizePercentage }} of the last hour, on and off',
        meaning: `The link fails and recovers repeatedly. At this rate, it misses its objective of ${percent} over 30 days within two days.`,
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
        meaning: `The link fails and recovers repeatedly. At this rate, it misses its objective of ${percent} over 30 days within ten days.`,
        remedy
      })
    }
  ]
}

/** A link whose case changes repeatedly, however long it is down. */
export function flappingAlert(settings: Settings): AlertingRule {
  const alert = alertName('flapping')
  const changes = `max by (${target}) (${withIdentity('increase(privatelink_case_changes_total[15m])')})`
  return {
    alert,
    expr: `${changes} >= 6`,
    labels: { severity: 'warning' },
    annotations: annotate(alert, settings, {
      summary: '{{ $labels.target }}: its case changed {{ $value | humanize }} times in 15 minutes',
      meaning: 'The case of the link changes repeatedly. Each case is too short for its own alert.',
      remedy:
        "1. see on the target's board between which cases it changes, and on which addresses and resolvers\n2. an address or a resolver that fails now and then is the commonest reason"
    })
  }
}
