import type { Asked } from '../../../causes/asked.ts'
import type { Cause } from '../../../causes/cause.ts'
import type { GcpTarget } from '../target.ts'
import type {
  EffectiveFirewallsAnswer,
  ForwardingRuleAnswer,
  InstanceAnswer,
  ManagedZoneAnswer,
  NetworkAnswer,
  RecordSetAnswer,
  ResponseRuleAnswer,
  RouteAnswer,
  RouterAnswer,
  ServerPolicyAnswer,
  SubnetworkAnswer
} from './answers.ts'
import type { VpcName } from './network.ts'

/** A managed zone, and the project that it is in. */
export type ProjectZone = ManagedZoneAnswer & { readonly project: string }

/** A server policy, and the project that it is in. */
export type ProjectServerPolicy = ServerPolicyAnswer & { readonly project: string }

/** A rule of a response policy, and where that is. */
export type ProjectResponseRule = ResponseRuleAnswer & { readonly project: string; readonly policy: string }

/** What Google Cloud's configuration says of a link and its clients. Plain data; `undefined` is what does not exist. */
export interface GcpFacts {
  /** The project of the endpoint, or that of this machine if the target has none. */
  readonly project: string | undefined
  readonly endpoint: Asked<ForwardingRuleAnswer | undefined>
  /** The network of the endpoint. */
  readonly linkNetwork: VpcName | undefined
  /** The virtual machine that clients are on. */
  readonly instance: Asked<InstanceAnswer | undefined>
  /** The network whose configuration was read: that of the clients if it is known, else that of the link. */
  readonly network: VpcName | undefined
  /** Whether clients are known to be in that network. */
  readonly hasClients: boolean
  /** The addresses of the clients in that network. Empty if they are not known to be in it. */
  readonly clientAddresses: readonly string[]
  /** The region of the clients. */
  readonly clientRegion: string | undefined
  readonly vpc: Asked<NetworkAnswer | undefined>
  readonly subnets: Asked<readonly SubnetworkAnswer[]>
  readonly routes: Asked<readonly RouteAnswer[]>
  readonly routers: Asked<readonly RouterAnswer[]>
  /** Hierarchical and global policies, and the rules of the network. */
  readonly firewalls: Asked<EffectiveFirewallsAnswer | undefined>
  /** The policies of the region of the clients. */
  readonly regionalFirewalls: Asked<EffectiveFirewallsAnswer | undefined>
  readonly zones: Asked<readonly ProjectZone[]>
  /** The zones of the network that a peering zone asks. Empty if none does. */
  readonly peeredZones: Asked<readonly ProjectZone[]>
  /** The records of the zone that answers for the host. Empty if none does. */
  readonly records: Asked<readonly RecordSetAnswer[]>
  readonly serverPolicies: Asked<readonly ProjectServerPolicy[]>
  readonly responseRules: Asked<readonly ProjectResponseRule[]>
}

/** Something in Google Cloud's configuration that can produce a case. */
export type GcpCause = Cause<string, GcpFacts, GcpTarget>
