import type { Construct } from 'constructs'
import type { PrivateRecord } from '../private-link.ts'
import type { Host } from '../zilliz.ts'
import type { InterfaceEndpoint } from './interface-endpoint.ts'

/** Answers hosts inside a VPC. Each kind of zone is a class of its own. */
export interface PrivateZone {
  /** Adds, below `scope`, what leads `host` to `endpoint`. */
  addHost(scope: Construct, host: Host, endpoint: InterfaceEndpoint): PrivateRecord
}
