import type { Target } from '../probe/target.ts'
import type { EndpointIdentity } from './endpoint-identity.ts'

/** A record that answers a host inside the network. Values are Terraform expressions until the deploy. */
export interface PrivateRecord {
  /** The host. */
  readonly name: string
  readonly type: 'A' | 'CNAME'
  /** The value of the record: the endpoint's DNS name or its address. */
  readonly value: string
  /** What its cloud identifies the zone by: an id or a name. */
  readonly zone: string
}

/** What a cloud's private link hands to the rest of the stack. Values are Terraform expressions until the deploy. */
export interface PrivateLink {
  /** What the Add Private Link dialog of Zilliz Cloud asks for, by its own labels. */
  readonly registration: Readonly<Record<string, string | readonly string[]>>
  /** The endpoint as Zilliz Cloud tells it apart from others. */
  readonly identity: EndpointIdentity
  /** The registration with Zilliz Cloud, if the deploy makes it. */
  readonly registrationId: string | undefined
  /**
   * The cloud's own word: `pendingAcceptance`, `available`, …; `PENDING`, `ACCEPTED`, `REJECTED`, `CLOSED`. Undefined for an
   * endpoint of others that is not read.
   */
  readonly connectionStatus: string | undefined
  /** The endpoint's addresses, as far as they are known. */
  readonly addresses: readonly string[]
  readonly records: readonly PrivateRecord[]
  /** The hosts, as targets of the probe. */
  readonly targets: readonly Target[]
}
