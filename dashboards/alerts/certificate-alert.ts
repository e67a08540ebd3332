import type { Settings } from '../settings.ts'
import { annotate, seenFrom } from './annotations.ts'
import { type AlertingRule, alertName } from './rule.ts'
import { identity, withIdentity } from './views.ts'

const lastDays = 3

/** A certificate that expires soon has a finding, which is a warning. In its last days, this alert pages. */
export function certificateAlert(settings: Settings): AlertingRule {
  const alert = alertName('certificate-ends-soon')
  const ends = 'privatelink_certificate_not_after_timestamp_seconds'
  const left = `min by (${identity}) (${withIdentity(`(${ends} - time())`)})`
  return {
    alert,
    expr: `0 < ${left} < ${lastDays} * 86400`,
    for: '5m',
    labels: { severity: 'critical', layer: 'tls' },
    annotations: annotate(alert, settings, {
      summary: '{{ $labels.target }}: the certificate expires in {{ $value | humanizeDuration }}',
      meaning: `The certificate expires in less than ${lastDays} days. Zilliz Cloud renews certificates 30 days before they expire. When it expires, clients reject it.`,
      steps: ['Ask Zilliz Cloud support to renew the certificate of {{ $labels.host }}.'],
      seen_from: seenFrom(target => `${ends}{${target}} - time() < ${lastDays} * 86400`)
    })
  }
}
