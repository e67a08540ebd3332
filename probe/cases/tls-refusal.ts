import type { Path } from './evidence.ts'

/** certificate_required (RFC 8446 §6.2). */
export const isCertificateRequired = (alert: number) => alert === 116

/** unrecognized_name (RFC 6066 §3). */
export const isUnrecognizedName = (alert: number) => alert === 112

/** handshake_failure, protocol_version, insufficient_security (RFC 8446 §6.2). */
export const isDisagreement = (alert: number) => [40, 70, 71].includes(alert)

/** Whether a server asked for a certificate before it ended the handshake: before TLS 1.3 it has no alert for that. */
export const asksForCertificate = (tls: Extract<Path, { reached: 'tcp' }>['tls']) =>
  'certificateRequested' in tls && tls.certificateRequested === true
