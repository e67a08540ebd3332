import type { Host } from '../zilliz.ts'
import type { InterfaceEndpoint } from './interface-endpoint.ts'

/** A VPC in which a zone answers. */
export interface ZoneVpc {
  readonly vpcId: string
  readonly region: string
}

/** A host to be answered. */
export interface HostToAnswer {
  readonly host: Host
  /** What leads there. */
  readonly endpoint: InterfaceEndpoint
  /** Take over the record that was made by hand, instead of making one. */
  readonly adoptRecord: boolean
}
