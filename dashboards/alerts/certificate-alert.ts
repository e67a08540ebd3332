import type { Settings } from '../settings.ts'
import { annotate } from './annotations.ts'
import { type AlertingRule, alertName } from './rule.ts'
import { identity, withIdentity } from './sustained.ts'

const lastDays = 3

/** A certificate whose end is near is a warning, told by its finding; in its last days somebody must be woken. */
export function certificateAlert(settings: Settings): AlertingRule {
  const alert = alertName('certificate-ends-soon')
  const left = `min by (${identity}) (${withIdentity('(privatelink_certificate_not_after_timestamp_seconds - time())')})`
  return {
    alert,
    expr: `0 < ${left} < ${lastDays} * 86400`,
    for: '5m',
    labels: { severity: 'critical', layer: 'tls' },
    annotations: annotate(alert, settings, {
      summary: '{{ $labels.target }}: the certificate ends in {{ $value | humanizeDuration }}',
      meaning: `The certificate ends in less than ${lastDays} days, and should have been renewed 30 days before its end. From then on clients refuse to connect.`,
      remedy: '1. ask Zilliz Cloud support to renew the certificate of {{ $labels.host }}'
    })
  }
}
