/** The layers of a private link, in the order in which a client meets them. */
export const layers = ['dns', 'tcp', 'tls', 'application'] as const
export type Layer = (typeof layers)[number]

/** What every observation has: its layer, and how long the observer looked, in seconds. */
interface Look<L extends Layer> {
  readonly layer: L
  readonly seconds: number
}

/** The probe itself lacked something, such as a file descriptor; says nothing of the watched thing. */
interface OwnFault {
  readonly kind: 'own-fault'
  /** The system's name of it: `EMFILE`; `EADDRNOTAVAIL`, where no port is left to connect from; … */
  readonly code: string
}

/** The observer itself failed: a bug. Says nothing about what was watched. */
export interface Crashed {
  readonly kind: 'crashed'
  /** Name and message of what was thrown, escaped, at most 200 characters. */
  readonly error: string
}

/** The network said at once that there is no way. */
interface Unreachable {
  readonly kind: 'unreachable'
  /**
   * The system's name of it, as clients print it: `ENETUNREACH` (no route; what DNS has on a network without IPv6),
   * `EHOSTUNREACH` (a router, or within a second a filter, says so), `EACCES` (a route or a filter prohibits it, over
   * IPv6), `EADDRNOTAVAIL` (no address to send from: IPv6 is switched off), …
   */
  readonly code: string
}

/** Someone who is asked. IPv4 or IPv6 address. */
export interface Resolver {
  /** Its name in metrics and reports. */
  readonly name: string
  readonly address: string
  readonly port: number
}

/**
 * A question about an absolute name, written without its last dot. Names in observations are as they were sent: one
 * character for each octet of a label, whatever it is. Code that shows a name must escape it.
 */
export interface DnsQuestion {
  readonly name: string
  readonly type: 'A' | 'AAAA' | 'SOA'
}

/** One CNAME record that the answer led through; names are lower-case and not escaped, `ttl` is in seconds. */
export interface Alias {
  readonly name: string
  readonly target: string
  readonly ttl: number
}

/** An address with the seconds that it may still be cached. */
export interface AddressRecord {
  readonly address: string
  readonly ttl: number
}

/** The start of authority of the zone that a reply comes from. In a negative answer, it sets how long to cache it. */
export interface Soa {
  /** The zone's name, lower-case and not escaped. */
  readonly zone: string
  /** The primary name server (MNAME), lower-case and not escaped: the clouds' private zones are known by it. */
  readonly primary: string
  readonly serial: number
  /** Seconds that the SOA record itself may be cached. */
  readonly ttl: number
  /** Seconds that a negative answer may be cached, if `ttl` is not shorter (RFC 2308 §5). */
  readonly minimum: number
}

/** Why a resolver says it answers so (RFC 8914). */
export interface ExtendedError {
  readonly code: number
  /** Escaped, at most 200 characters. */
  readonly text: string
}

/** The ways in which a message may fail to be a reply to the question. */
export const flaws = [
  'too-large',
  'too-short',
  'cut-short',
  'too-many-records',
  'too-much-work',
  'bad-name',
  'bad-pointer',
  'bad-record',
  'not-a-reply',
  'other-id',
  'other-question',
  /** It is marked as truncated, but came over TCP, where no reply is truncated (RFC 2181 §9). */
  'truncated-in-stream'
] as const
export type Flaw = (typeof flaws)[number]

/** Response codes other than NOERROR and NXDOMAIN. */
export type Rcode = 'FORMERR' | 'SERVFAIL' | 'NOTIMP' | 'REFUSED' | 'OTHER'

/** The header and the options of a reply, whatever the answer is. */
interface ReplyFields {
  /** Extended errors, at most four of them. */
  readonly errors: readonly ExtendedError[]
  /** The resolver is an authority for the name (AA). */
  readonly authoritative: boolean
  /** The resolver says that it asks other servers for its clients (RA). */
  readonly recursionAvailable: boolean
}

/** Whose word a negative answer is. */
interface Denial {
  /** The SOA of the zone that the name (the last alias' target, if there are aliases) is in; `undefined` without one. */
  readonly soa: Soa | undefined
  /**
   * The SOA of a zone that none of the names is in, if there is one: no zone of the host says so, but a filter
   * (a response policy zone).
   */
  readonly foreignSoa: Soa | undefined
}

/** What a resolver says about a name. */
type DnsReply = ReplyFields & {
  /** Each alias once, in order; of more than 16 the first 15 and the last. Empty unless the name is an alias. */
  readonly chain: readonly Alias[]
} & (
    | {
        readonly kind: 'answer'
        /** The first addresses, at most 64 of them, in the order of the message. */
        readonly addresses: readonly AddressRecord[]
        /** How many addresses it has beyond these. */
        readonly unlisted: number
      }
    /** The name is the apex of a zone; answers a question of type SOA only. */
    | { readonly kind: 'zone'; readonly soa: Soa }
    | ({
        readonly kind: 'nodata'
        /**
         * What the same resolver made of the last alias' target, asked for it alone. It is asked only if the answer was
         * aliases and nothing else, not even an SOA, and time was left: an answer here shows a resolver that does not
         * follow aliases for its clients, a failure one that cannot. It has no `followed` of its own.
         */
        readonly followed: DnsObservation | undefined
      } & Denial)
    | ({ readonly kind: 'nxdomain' } & Denial)
    /** The aliases lead back to one of themselves: the last one's target is the name of an earlier one, or its own. */
    | { readonly kind: 'alias-loop' }
  )

/** How a resolver failed to say anything about a name. */
type DnsFailure =
  | ({ readonly kind: 'rcode'; readonly rcode: Rcode } & ReplyFields)
  | { readonly kind: 'timeout' }
  /** Its port is closed. */
  | { readonly kind: 'refused' }
  | Unreachable
  /** It sent nothing but messages that are no replies to the question, over `transport`; `flaw` is the last one's. */
  | { readonly kind: 'malformed'; readonly flaw: Flaw }
  /** Its answer does not fit a datagram, and no message came over TCP; `closed`: the connection ended without one. */
  | { readonly kind: 'truncated'; readonly tcp: 'timeout' | 'refused' | 'reset' | 'closed' | 'unreachable' }
  /** The name cannot be put into a question: a label or the whole is too long, or empty. Nothing was sent. */
  | { readonly kind: 'unaskable' }
  | OwnFault
  | Crashed

/** A query that was answered. */
interface Answered {
  /** Its place among the datagrams sent, from 1. */
  readonly query: number
  /** Whether it had an OPT record (RFC 6891). */
  readonly withOptions: boolean
}

/** What one resolver made of one question. */
export type DnsObservation = Look<'dns'> & {
  /** The resolver's name. */
  readonly resolver: string
  readonly question: DnsQuestion
  /** Datagrams sent. */
  readonly queries: number
  /** How many of them were sent because none had been answered: it or its answer was lost, or late. */
  readonly resent: number
  /**
   * Which of the datagrams was answered. The first, late: the resolver is slow. A later one: those before it, or their
   * answers, were lost. Only the one without options: those with an OPT record (EDNS) are dropped on the way, or it
   * does not understand them. `undefined` if none was answered.
   */
  readonly answered: Answered | undefined
  /** Messages that were no replies to the question, and were passed over. */
  readonly strays: number
  readonly transport: 'udp' | 'tcp'
  /**
   * Further exchanges about the same question, begun while this one was silent. They ended with it: one that was cut short is a
   * timeout. Absent if there were none; they have none of their own.
   */
  readonly further?: readonly DnsObservation[]
} & (DnsReply | DnsFailure)

/** What getaddrinfo returns to an application that resolves the name unchanged. */
export type LibcObservation = Look<'dns'> & {
  /** When it was asked: Unix time in seconds. */
  readonly at: number
} & (
    | {
        readonly kind: 'answer'
        /** The first addresses, at most 64 of them. */
        readonly addresses: readonly string[]
      }
    /** EAI_NONAME, "Name or service not known". */
    | { readonly kind: 'not-known' }
    /** EAI_NODATA, "No address associated with hostname". */
    | { readonly kind: 'no-address' }
    /** EAI_AGAIN, "Temporary failure in name resolution". */
    | { readonly kind: 'temporary-failure' }
    | { readonly kind: 'failure'; readonly code: string }
    /** No answer yet; getaddrinfo cannot be cancelled, so the lookup goes on. */
    | { readonly kind: 'pending' }
    | Crashed
  )

/** Why the probe does not connect to an address. */
export type Refusal = 'unspecified' | 'loopback' | 'link-local' | 'metadata' | 'multicast'

/** What connecting to one address did. */
export type TcpObservation = Look<'tcp'> & {
  readonly address: string
  readonly port: number
} & (
    | { readonly kind: 'connected' }
    /** No answer to SYN. */
    | { readonly kind: 'timeout' }
    | { readonly kind: 'refused' }
    | { readonly kind: 'reset' }
    | Unreachable
    /** Not tried. */
    | { readonly kind: 'forbidden'; readonly refusal: Refusal }
    | OwnFault
    | Crashed
  )

/** What a server's certificate says; texts are escaped. */
export interface Certificate {
  readonly subject: string
  readonly issuer: string
  /** DNS names it is valid for, at most 20 of them. */
  readonly names: readonly string[]
  /**
   * By what it is valid for the host: by the names that RFC 9525 counts, or, where it has none, by its common name.
   * OpenSSL's clients (curl, Python, Node) and gRPC's C core accept that; Go does not.
   */
  readonly coversHost: 'names' | 'common-name' | false
  /** Unix time in seconds; `undefined` if what the certificate has is no date. */
  readonly notBefore: number | undefined
  /** Unix time in seconds; `undefined` if what the certificate has is no date. */
  readonly notAfter: number | undefined
  readonly selfSigned: boolean
  /** SHA-256, colon-separated hexadecimal. */
  readonly fingerprint: string
}

/** What the TLS handshake did. */
export type TlsObservation = Look<'tls'> &
  (
    | {
        readonly kind: 'established'
        readonly protocol: string
        /** The application protocol that the server chose (RFC 7301). */
        readonly alpn: 'h2' | 'http/1.1' | undefined
        readonly certificate: Certificate
        /** OpenSSL's word for what is wrong with the chain; `undefined` if nothing is. */
        readonly chainError: string | undefined
        /**
         * Whose authority signed the chain: a public one, one that only this system trusts, or one of the config's
         * `caFile`; `undefined` if none of them did.
         */
        readonly trustedBy: 'public' | 'system' | 'config' | undefined
      }
    /** No answer to ClientHello. */
    | { readonly kind: 'timeout' }
    | ({ readonly kind: 'reset' } & MayAskForCertificate)
    /** The server ended the connection in order, but in the middle of the handshake. */
    | ({ readonly kind: 'closed' } & MayAskForCertificate)
    /** What came back is not TLS. */
    | { readonly kind: 'not-tls' }
    /** The server refused with an alert (RFC 8446 §6). */
    | ({ readonly kind: 'alert'; readonly alert: number } & MayAskForCertificate)
    | { readonly kind: 'failure'; readonly code: string }
    | Crashed
  )

/** A completed handshake. */
export type Established = Extract<TlsObservation, { kind: 'established' }>

/** Before TLS 1.3 a server asks for a certificate in the clear, and then refuses a client that has none. */
interface MayAskForCertificate {
  /** Present if the server sent CertificateRequest (RFC 5246 §7.4.4) before it ended the handshake. */
  readonly certificateRequested?: true
}

/**
 * What the server replied to a request over the connection. Over HTTP/2 it is a gRPC call, as Milvus clients make it,
 * else a plain GET. No credential is ever sent.
 */
export type ApplicationObservation = Look<'application'> &
  (
    | {
        readonly kind: 'reply'
        readonly protocol: 'h2' | 'http/1.1'
        readonly status: number
        /** Whether it is a gRPC reply, whatever its status. */
        readonly grpc: boolean
        /** The status of a gRPC reply, such as 14, UNAVAILABLE; `undefined` if it is none, or has none that is a number. */
        readonly grpcStatus: number | undefined
        /** The server's clock, Unix time in seconds. */
        readonly date: number | undefined
      }
    | { readonly kind: 'timeout' }
    /** HTTP/2: the request was reset and the connection kept (RST_STREAM, RFC 9113 §7): `REFUSED_STREAM`, … */
    | { readonly kind: 'stream-reset'; readonly code: string }
    /**
     * HTTP/2: the server ended the connection with GOAWAY instead of an answer: `NO_ERROR`, `ENHANCE_YOUR_CALM`, ….
     * After it, and after `REFUSED_STREAM`, clients ask once more on a new connection, and so did the probe.
     */
    | { readonly kind: 'goaway'; readonly code: string }
    /** More came than a reply is made of, such as endless interim responses; the probe gave up. */
    | { readonly kind: 'flood'; readonly of: 'bytes' | 'interim-responses' | 'control-frames' }
    | { readonly kind: 'reset' }
    | { readonly kind: 'closed' }
    /** What came back is not HTTP. */
    | { readonly kind: 'not-http'; readonly code: string }
    /** The server refused with an alert, such as 116: it wants a client certificate (RFC 8446 §6). */
    | { readonly kind: 'alert'; readonly alert: number }
    | Crashed
  )
