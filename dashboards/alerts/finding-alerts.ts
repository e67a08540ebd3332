import type { Finding } from '../../probe/cases/case.ts'
import { type FindingId, findings } from '../../probe/cases/findings.ts'
import { allClouds, type CloudId } from '../../probe/clouds.ts'
import type { Settings } from '../settings.ts'
import { annotate, seenFrom, stepsOn } from './annotations.ts'
import { type AlertingRule, alertName, type RecordingRule } from './rule.ts'
import { labelsBut } from './series-labels.ts'
import { identity, withIdentity } from './views.ts'

/** Share of the verdicts of the last 15 minutes from which a finding raises an alert. One lost packet does not. */
const worthTelling = 0.25
/** The share of the verdicts of the last 15 minutes that have a finding: the greatest of all views. */
const findingShare = 'target_finding:privatelink_finding:ratio_15m'

/**
 * Each verdict is one sample of `privatelink_case` in each scrape, and each of its findings is one of `privatelink_finding`. So the
 * share is a quotient of two counts over the same scrapes. Where a verdict was held, both have no sample.
 */
export function findingRules(): readonly RecordingRule[] {
  const found = 'count_over_time(privatelink_finding[15m])'
  const verdicts = `sum without (${labelsBut('target')}) (count_over_time(privatelink_case[15m]))`
  const share = `(${found} / ignoring (${labelsBut('target')}) group_left () ${verdicts})`
  return [{ record: findingShare, expr: `max by (${identity}, finding) (${withIdentity(share)})` }]
}

/** Findings of which there is an alert of their own: those that stop some clients, and the certificate's end. */
const certificate = 'certificate-ends-soon'
const named = (finding: Finding<FindingId>) => finding.severity === 'critical' || finding.id === certificate
/** The alert that reports a finding. `undefined` if the finding is only informative. */
export function alertOfFinding(finding: Finding<FindingId>): string | undefined {
  if (finding.severity === 'info' || finding.severity === 'none') return undefined
  return named(finding) ? alertName(finding.id) : alertName('finding')
}

/** The alerts of findings that stop some clients. They page like a case, at the first sample that the probe has confirmed. */
export function criticalFindingAlerts(settings: Settings): readonly AlertingRule[] {
  return rulesOf(settings, finding => finding.severity === 'critical')
}

/** The warnings about other findings, if they are frequent enough. */
export function findingWarnings(settings: Settings): readonly AlertingRule[] {
  return rulesOf(settings, finding => finding.severity !== 'critical')
}

/** A rule for each of these findings and each cloud. */
function rulesOf(settings: Settings, isMeant: (finding: Finding<FindingId>) => boolean): readonly AlertingRule[] {
  return findings.flatMap((finding: Finding<FindingId>) => {
    const alert = alertOfFinding(finding)
    if (alert === undefined || !isMeant(finding)) return []
    return allClouds.map(({ id: cloud }) => findingAlert(alert, finding, cloud, settings))
  })
}

function findingAlert(alert: string, finding: Finding<FindingId>, cloud: CloudId, settings: Settings): AlertingRule {
  const { id, layer, meaning, severity } = finding
  const isCritical = severity === 'critical'
  const series = `{finding="${id}",cloud="${cloud}"}`
  return {
    alert,
    expr: isCritical
      ? `max by (${identity}, finding) (privatelink_confirmed_finding${series})`
      : `${findingShare}${series} >= ${worthTelling}`,
    ...(isCritical ? { keep_firing_for: `${settings.keepFiringSeconds}s` } : { for: '5m' }),
    labels: {
      severity: isCritical ? 'critical' : 'warning',
      finding: id,
      cloud,
      ...(layer === undefined ? {} : { layer })
    },
    annotations: annotate(alert, settings, {
      summary: `{{ $labels.target }}: ${id}`,
      meaning,
      steps: stepsOn(cloud, finding),
      seen_from: seenFrom(target =>
        isCritical
          ? `privatelink_confirmed_finding{${target},finding='${id}'}`
          : `count_over_time(privatelink_finding{${target},finding='${id}'}[15m])`
      )
    })
  }
}
