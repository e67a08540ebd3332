import type { Symptom } from '../../../probe/cases/symptoms.ts'
import type { AllPrinted, Client } from './real-clients.ts'

/** What the printed words of a client may mean, in the probe's words; several where the client does not tell them apart. */
export type Meant = ReadonlySet<Symptom>

/** The first pattern that matches tells. */
type Words = readonly (readonly [RegExp, ...(readonly Symptom[])])[]

const unresolved = [
  'name_or_service_not_known',
  'no_address_associated_with_hostname',
  'temporary_failure_in_name_resolution'
] as const

/** What the kernel says of a connection: the same whoever prints it. */
const systemWords: Words = [
  [/Connection refused/, 'connection_refused'],
  [/Connection reset by peer/, 'connection_reset'],
  [/No route to host/, 'no_route_to_host'],
  [/Connection timed out$/, 'timeout'],
  [/Network is unreachable|Cannot assign requested address|Address family not supported/, 'network_is_unreachable']
]

/** Redirects and demands of a proxy are nothing that Zilliz Cloud sends, and errors of servers are errors of the service. */
const statusWords: Words = [
  [/\b(?:3\d\d|407|511)$/, 'protocol_error'],
  [/\b(?:421|429|5\d\d)$/, 'service_error'],
  [/\b[24]\d\d$/, 'none']
]

const words: Readonly<Record<Exclude<Client, 'musl'>, Words>> = {
  python: [
    [/Name or service not known/, 'name_or_service_not_known'],
    [/No address associated with hostname/, 'no_address_associated_with_hostname'],
    [/Temporary failure in name resolution/, 'temporary_failure_in_name_resolution'],
    ...systemWords,
    [/timed out/, 'timeout'],
    [/CERTIFICATE_VERIFY_FAILED/, 'certificate_rejected'],
    [/EOF occurred|Remote end closed/, 'connection_reset'],
    [/^SSLError|^BadStatusLine/, 'protocol_error'],
    ...statusWords
  ],
  curl: [
    [/^curl: \(6\)/, ...unresolved],
    [/^curl: \(7\)/, 'connection_refused', 'no_route_to_host', 'network_is_unreachable'],
    // Its limit is one for resolving, connecting and all else.
    [/^curl: \(28\)/, 'timeout', 'temporary_failure_in_name_resolution'],
    [/^curl: \(60\)/, 'certificate_rejected'],
    [/Connection reset by peer|SSL_ERROR_SYSCALL/, 'connection_reset'],
    [/^curl: \((?:18|52)\)/, 'connection_reset', 'protocol_error', 'service_error'],
    [/^curl: \(92\)|tried 5 times before giving up/, 'service_error'],
    [/^curl: \(16\)/, 'service_error', 'protocol_error'],
    // The connection was gone before it could say what for.
    [/^curl: \(55\)/, 'connection_reset', 'protocol_error'],
    [/^curl: \((?:1|35|56)\)/, 'protocol_error'],
    ...statusWords
  ],
  grpc: [
    [/errors resolving|DNS resolution failed|address lookup failed/, ...unresolved],
    [/RST_STREAM|GOAWAY/, 'service_error'],
    ...systemWords,
    [/CERTIFICATE_VERIFY_FAILED|Hostname Verification Check failed/, 'certificate_rejected'],
    [/Socket closed/, 'connection_reset'],
    [/Cannot check peer|Tls handshake failed|Failed parsing HTTP\/2|TSI_/, 'protocol_error'],
    [/^DEADLINE_EXCEEDED/, 'timeout', 'temporary_failure_in_name_resolution'],
    [/Received http2 header with status: (?:3\d\d|407|511)$/, 'protocol_error'],
    [/^(?:UNAVAILABLE|INTERNAL|UNKNOWN|RESOURCE_EXHAUSTED)/, 'service_error'],
    // The service speaks about the request.
    [/^(?:OK|UNIMPLEMENTED|UNAUTHENTICATED|PERMISSION_DENIED|INVALID_ARGUMENT)/, 'none']
  ]
}

/** What a client's words may mean. Words that are not known mean nothing, and so agree with nothing. */
export function meaningOf(client: Exclude<Client, 'musl'>, printed: string): Meant {
  const [, ...meant] = words[client].find(([pattern]) => pattern.test(printed)) ?? [undefined]
  return new Set(meant)
}

/** Whether glibc resolved the host: Python prints it if not. */
export function resolvedWithGlibc({ python }: AllPrinted): boolean {
  return !python.printed.startsWith('gaierror')
}

/** Whether musl resolved the host: it prints nothing but addresses then. */
export function resolvedWithMusl({ musl }: AllPrinted): boolean {
  return /^[\d.:a-f\n]+$/.test(musl.printed)
}
