import type { CaseId } from '../../probe/cases/catalogue.ts'
import type { Symptom } from '../../probe/cases/symptoms.ts'
import { alertName } from './rule.ts'

/**
 * The symptom after which the alert of each case is named: what clients print in it as a rule. What they print at the
 * moment is the alert's label `symptom`.
 */
export const usualSymptom = {
  'name-blocked': 'name_or_service_not_known',
  'alias-loop': 'name_or_service_not_known',
  'dangling-cname': 'name_or_service_not_known',
  'record-name-malformed': 'name_or_service_not_known',
  'record-missing': 'name_or_service_not_known',
  'zone-not-visible': 'name_or_service_not_known',
  'rebind-protection': 'no_address_associated_with_hostname',
  'endpoint-gone': 'no_address_associated_with_hostname',
  'aliases-not-followed': 'name_or_service_not_known',
  'cname-without-address': 'name_or_service_not_known',
  'no-address-record': 'no_address_associated_with_hostname',
  'dns-tcp-blocked': 'temporary_failure_in_name_resolution',
  'dnssec-bogus': 'temporary_failure_in_name_resolution',
  'forwarding-broken': 'temporary_failure_in_name_resolution',
  'resolver-fails': 'temporary_failure_in_name_resolution',
  'resolver-refuses': 'temporary_failure_in_name_resolution',
  'resolver-errs': 'temporary_failure_in_name_resolution',
  'resolver-port-closed': 'temporary_failure_in_name_resolution',
  'resolver-unreachable': 'temporary_failure_in_name_resolution',
  'resolver-silent': 'temporary_failure_in_name_resolution',
  'libc-knows-no-such-name': 'name_or_service_not_known',
  'libc-cannot-resolve': 'temporary_failure_in_name_resolution',
  'forbidden-address': 'connection_refused',
  'resolves-public': 'not_private',
  'resolves-partly-public': 'not_private',
  'wrong-endpoint': 'not_private',
  'libc-misdirects': 'timeout',
  'stale-record': 'timeout',
  'no-answer-to-syn': 'timeout',
  'connection-refused': 'connection_refused',
  'network-unreachable': 'network_is_unreachable',
  'no-route': 'no_route_to_host',
  'not-tls': 'protocol_error',
  'client-certificate-required': 'protocol_error',
  'name-not-served': 'protocol_error',
  'tls-version-refused': 'protocol_error',
  'tls-refused': 'protocol_error',
  'tls-reset': 'connection_reset',
  'tls-silent': 'timeout',
  'certificate-untrusted': 'certificate_rejected',
  'certificate-for-other-name': 'certificate_rejected',
  'certificate-expired': 'certificate_rejected',
  'certificate-not-yet-valid': 'certificate_rejected',
  intercepted: 'protocol_error',
  misdirected: 'service_error',
  'service-error': 'service_error',
  'request-refused': 'service_error',
  'not-http': 'protocol_error',
  'application-reset': 'connection_reset',
  'application-silent': 'timeout',
  'grpc-unsupported': 'protocol_error',
  healthy: 'none',
  unknown: 'unknown'
} as const satisfies Readonly<Record<CaseId, Symptom>>

/** The alert that tells a case. */
export function alertOfCase(id: CaseId): string {
  return alertName(usualSymptom[id])
}
