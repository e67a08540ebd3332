import type { Symptom } from './case.ts'

/** Each symptom as a client prints it, or as its user feels it. */
export const symptomWords: Readonly<Record<Symptom, string>> = {
  none: 'Healthy',
  name_or_service_not_known: 'Name or service not known',
  no_address_associated_with_hostname: 'No address associated with hostname',
  temporary_failure_in_name_resolution: 'Temporary failure in name resolution',
  timeout: 'Connection timed out',
  connection_refused: 'Connection refused',
  connection_reset: 'Connection reset by peer',
  no_route_to_host: 'No route to host',
  certificate_rejected: 'Certificate verify failed',
  protocol_error: 'Protocol error',
  service_error: 'Service error',
  not_private: 'It works, but not through the private link',
  unknown: 'Unknown'
}
