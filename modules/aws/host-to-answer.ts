import type { Host } from '../zilliz/host.ts'
import type { InterfaceEndpoint } from './interface-endpoint.ts'

/** A VPC in which a zone answers. */
export interface ZoneVpc {
  readonly vpcId: string
  readonly region: string
}

/** A host to be answered. */
export interface HostToAnswer {
  readonly host: Host
  /** What resolves to the endpoint. */
  readonly endpoint: InterfaceEndpoint
  /** Import the record that was created by hand, instead of creating one. */
  readonly adoptRecord: boolean
}
