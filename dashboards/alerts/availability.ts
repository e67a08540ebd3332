import type { Settings } from '../settings.ts'
import { annotate, seenFrom } from './annotations.ts'
import { type AlertingRule, alertName, type RecordingRule } from './rule.ts'
import { withIdentity } from './views.ts'

/** The labels of a target that its availability keeps. */
const target = 'target, environment, cloud'

/** Share of the time in which a link works. */
export const availability = (window: string) => `target:privatelink_availability:ratio_${window}`

/** Samples of a step in which a link worked. */
export const samplesUp = (step: string) => `target:privatelink_up:sum_${step}`
/** Samples of a step that had a verdict. */
export const samplesJudged = (step: string) => `target:privatelink_up:count_${step}`

/** Long windows are sums of these steps. The rules that record them are evaluated once for each step. */
export const longStep = '30m'
const shortStep = '1m'
const shortWindows = ['5m', '1h', '2h'] as const
const longWindows = ['1d', '30d'] as const

/**
 * How many samples have a verdict in each step, and in how many of them the link worked. Several views count alike. `privatelink_up` has
 * no sample while a verdict is held or unknown, or while no probe runs. That time is in neither count.
 */
function stepRules(step: string): readonly RecordingRule[] {
  return [
    { record: samplesUp(step), expr: `sum by (${target}) (sum_over_time(privatelink_up[${step}]))` },
    { record: samplesJudged(step), expr: `sum by (${target}) (count_over_time(privatelink_up[${step}]))` }
  ]
}

/** The counts that long windows are made of. Thirty days are 1,440 of them, in place of 259,200 samples of the probe. */
export function longStepRules(): readonly RecordingRule[] {
  return stepRules(longStep)
}

/** The counts of each minute, and the share of the time in which a link works, over each window. */
export function availabilityRules(): readonly RecordingRule[] {
  const ratio = (window: string, step: string) =>
    `sum_over_time(${samplesUp(step)}[${window}]) / sum_over_time(${samplesJudged(step)}[${window}])`
  return [
    ...stepRules(shortStep),
    ...shortWindows.map(window => ({ record: availability(window), expr: ratio(window, shortStep) })),
    // Before the first long step has ended, the hour is all there is.
    ...longWindows.map(window => ({
      record: availability(window),
      expr: `${ratio(window, longStep)} or ${availability('1h')}`
    }))
  ]
}

/**
 * Two alerts on the error budget, as in the SRE workbook (chapter 5). The fast one fires if a fiftieth of a month's budget is used up
 * in an hour, the slow one if a tenth is used up in a day. They report what the alerts on symptoms do not: a link that is down for ten
 * seconds every minute. So they ignore a link with a confirmed case, and wait ten minutes for a link that flaps.
 */
export function availabilityAlerts(settings: Settings): readonly AlertingRule[] {
  const percent = `${(settings.objective * 100).toFixed(3).replace(/\.?0+$/, '')} %`
  const burns = (window: string, rate: number) =>
    `(1 - ${availability(window)}) > ${rate} * (1 - ${settings.objective})`
  const unlessCaseConfirmed = 'unless on (target) privatelink_confirmed_case'
  const failedIn = (window: string) => seenFrom(of => `avg_over_time(privatelink_up{${of}}[${window}]) < 1`)
  const steps = [
    "On the target's board, check when it was down, with which cases, and on which addresses.",
    'Find what fails repeatedly: one availability zone, one resolver of several, a full connection table, or a cluster that scales.'
  ]
  const alert = { fast: alertName('availability-burns-fast'), slow: alertName('availability-burns-slowly') }
  return [
    {
      alert: alert.fast,
      expr: `(${burns('1h', 14.4)} and ${burns('5m', 14.4)}) ${unlessCaseConfirmed}`,
      for: '10m',
      labels: { severity: 'critical' },
      annotations: annotate(alert.fast, settings, {
        summary: '{{ $labels.target }}: failed for {{ $value | humanizePercentage }} of the last hour',
        meaning: `The link fails and recovers repeatedly. At this rate, it misses its objective of ${percent} over 30 days within two days.`,
        steps,
        seen_from: failedIn('1h')
      })
    },
    {
      alert: alert.slow,
      expr: `(${burns('1d', 3)} and ${burns('2h', 3)}) ${unlessCaseConfirmed}`,
      for: '15m',
      labels: { severity: 'warning' },
      annotations: annotate(alert.slow, settings, {
        summary: '{{ $labels.target }}: failed for {{ $value | humanizePercentage }} of the last day',
        meaning: `The link fails and recovers repeatedly. At this rate, it misses its objective of ${percent} over 30 days within ten days.`,
        steps,
        seen_from: failedIn('2h')
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
      summary: '{{ $labels.target }}: the case changed {{ $value | humanize }} times in 15 minutes',
      meaning: 'The case of the link changes repeatedly. Each case is too short for its own alert.',
      steps: [
        "On the target's board, check between which cases it changes, and on which addresses and resolvers.",
        'Look for an address or a resolver that fails intermittently, which is the most common reason.'
      ],
      seen_from: seenFrom(of => `increase(privatelink_case_changes_total{${of}}[15m]) > 0`)
    })
  }
}
