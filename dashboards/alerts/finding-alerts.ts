import type { Finding } from '../../probe/cases/case.ts'
import { findings } from '../../probe/cases/findings.ts'
import type { Settings } from '../settings.ts'
import { annotate, remedyOn, seenFrom } from './annotations.ts'
import { type AlertingRule, alertName } from './rule.ts'
import { findingRatio, sustainedFinding } from './sustained.ts'

const clouds = ['aws', 'gcp'] as const
/** Share of the last 15 minutes from which a finding raises an alert. One lost packet does not. */
const worthTelling = 0.25

/** Findings of which there is an alert of their own: those that stop some clients, and the certificate's end. */
const certificate = 'certificate-ends-soon'
const named = (finding: Finding) => finding.severity === 'critical' || finding.id === certificate
/** The alert that reports a finding. `undefined` if the finding is only informative. */
export function alertOfFinding(finding: Finding): string | undefined {
  if (finding.severity === 'info' || finding.severity === 'none') return undefined
  return named(finding) ? alertName(finding.id) : alertName('finding')
}

/** A rule for each finding and cloud. A critical finding pages like a case. The others are warnings if they are frequent enough. */
export function findingAlerts(settings: Settings): readonly AlertingRule[] {
  return findings.flatMap((finding: Finding) => {
    const alert = alertOfFinding(finding)
    if (alert === undefined) return []
    return clouds.map(cloud => findingAlert(alert, finding, cloud, settings))
  })
}

function findingAlert(
  alert: string,
  finding: Finding,
  cloud: (typeof clouds)[number],
  settings: Settings
): AlertingRule {
  const { id, layer, meaning, severity } = finding
  const isCritical = severity === 'critical'
  const series = `{finding="${id}",cloud="${cloud}"}`
  return {
    alert,
    expr: isCritical ? `${sustainedFinding}${series}` : `${findingRatio}${series} >= ${worthTelling}`,
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
      remedy: remedyOn(cloud, finding),
      seen_from: seenFrom('privatelink_finding', 'finding', id)
    })
  }
}
