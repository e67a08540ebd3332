import type {
  ApplicationObservation,
  DnsObservation,
  Established,
  LibcObservation,
  Resolver,
  TcpObservation,
  TlsObservation
} from '../facts/observation.ts'
import type { Pod } from '../facts/pod.ts'
import type { Symptom } from './symptoms.ts'

/** All that judgement has to know of a target itself. */
export interface Subject {
  /** Its name in metrics and reports. */
  readonly name: string
  /** The name that clients connect to. */
  readonly host: string
}

/** All that a round saw of a target: plain data, and all that judgement may know. */
export interface Evidence<Target extends Subject = Subject> {
  readonly target: Target
  /** By what it is known where an address or a zone belongs. */
  readonly traits: CloudTraits
  /** The probe's clock when the round began: Unix time in seconds. */
  readonly at: number
  /** At least one, in the order in which they were configured. */
  readonly resolvers: readonly ResolverEvidence[]
  /** The newest sample, which may be older than the round; `undefined` if there is none that is still valid. */
  readonly libc: LibcObservation | undefined
  /**
   * The addresses that the endpoint has; `undefined` if they are not known.
   * The endpoint's own regional name is asked for them each round, if it has one; else the config has the address.
   */
  readonly expected: readonly string[] | undefined
  /** The addresses that were tried, in ascending order: IPv4 before IPv6. */
  readonly addresses: readonly AddressEvidence[]
  /** Addresses beyond those that a round tries. */
  readonly untried: readonly string[]
  /** The results of earlier rounds, the newest first: at most 60, and only those that counted. */
  readonly recent: readonly RecentRound[]
  /** Present if the round began before its turn in the interval, because an earlier one had brought a change. */
  readonly isEarly?: true
  /** Present if the check ran in a pod of Kubernetes. */
  readonly pod?: Pod
}

/** What judgement has to know of clouds. A round takes it from the list of clouds. */
export interface CloudTraits {
  /** How the addresses of an endpoint are known on the target's cloud. */
  readonly endpointBy: 'name' | 'address'
  /** Whether the IPv6 addresses of a network on the target's cloud are public ones by their range. */
  readonly hasGlobalIpv6: boolean
  /** The zones of every cloud, because a resolver may forward a name to another cloud. */
  readonly zones: readonly ZoneTraits[]
  /** The names of endpoints on every cloud that names them. */
  readonly endpointNames: readonly EndpointNameTraits[]
}

/** How the SOA of a zone shows whether the zone is private. */
export interface ZoneTraits {
  /** The primary name server of every private zone of a cloud, and of no public one. */
  readonly privatePrimary: string
  /** The form of the primary name servers of its public zones: a regular expression. */
  readonly publicPrimary: string
}

/** The forms of an endpoint's own names: regular expressions. */
interface EndpointNameTraits {
  /** Its name in a region. */
  readonly regional: string
  /** Its name in one availability zone. */
  readonly zonal: string
}

/** What one resolver made of a target's names. */
export interface ResolverEvidence {
  readonly resolver: Resolver
  readonly a: DnsObservation
  readonly aaaa: DnsObservation
  /** The SOA of the domain that the host is in. It shows which zone answers for the names next to the host. */
  readonly domain: DnsObservation
  /** The endpoint's own regional name, if it has one: its A records, and AAAA records if the host has some. */
  readonly endpoint: readonly DnsObservation[]
  readonly canaries: readonly DnsObservation[]
  /** Names that a slip of the hand would have given the record; asked for when a private zone lacks the host. */
  readonly misspellings: readonly DnsObservation[]
}

/** What became of one address. */
export interface AddressEvidence {
  readonly address: string
  /** Whether libc gave the host this address. */
  readonly byLibc: boolean
  /** Whether a resolver did. If neither, it is only what the endpoint has. */
  readonly byResolvers: boolean
  readonly path: Path
  /** The results of further connections that began while `path` was silent and ended with it. Absent if there were none. */
  readonly further?: readonly Path[]
}

/** How far a client gets on one address. */
export type Path =
  | { readonly reached: 'nothing'; readonly tcp: Exclude<TcpObservation, { kind: 'connected' }> }
  | {
      readonly reached: 'tcp'
      readonly tcp: Extract<TcpObservation, { kind: 'connected' }>
      readonly tls: Exclude<TlsObservation, Established>
    }
  | {
      readonly reached: 'tls'
      readonly tcp: Extract<TcpObservation, { kind: 'connected' }>
      readonly tls: Established
      readonly application: ApplicationObservation
    }

/** The part of a counted round's result that later rounds use. */
export interface RecentRound {
  /** When it began: Unix time in seconds. */
  readonly at: number
  /** What a client printed. */
  readonly symptom: Symptom
  /** Present if it began before its turn in the interval. */
  readonly isEarly?: true
  /** Resolvers and addresses that were tried, by whether a client gets on from there. */
  readonly resolvers: Tried
  readonly addresses: Tried
}

/** Names of resolvers, or addresses. */
export interface Tried {
  readonly well: readonly string[]
  readonly failed: readonly string[]
}
