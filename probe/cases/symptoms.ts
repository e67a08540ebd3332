/** What a client of the link prints or experiences. */
export const symptoms = [
  'none',
  'name_or_service_not_known',
  'no_address_associated_with_hostname',
  'temporary_failure_in_name_resolution',
  'timeout',
  'connection_refused',
  'connection_reset',
  'no_route_to_host',
  'network_is_unreachable',
  'certificate_rejected',
  'protocol_error',
  'service_error',
  'not_private',
  'unknown'
] as const
export type Symptom = (typeof symptoms)[number]

/** Each symptom as a client prints it, or as its user feels it. */
export const symptomWords: Readonly<Record<Symptom, string>> = {
  none: 'It works',
  name_or_service_not_known: 'Name or service not known',
  no_address_associated_with_hostname: 'No address associated with hostname',
  temporary_failure_in_name_resolution: 'Temporary failure in name resolution',
  timeout: 'Connection timed out',
  connection_refused: 'Connection refused',
  connection_reset: 'Connection reset by peer',
  no_route_to_host: 'No route to host',
  network_is_unreachable: 'Network is unreachable',
  certificate_rejected: 'Certificate verify failed',
  protocol_error: 'Protocol error',
  service_error: 'Service error',
  not_private: 'It works, but not through the private link',
  unknown: 'Unknown'
}
