import type { Construct } from 'constructs'
import type { PrivateRecord } from '../private-link.ts'
import type { Host } from '../zilliz.ts'

/** Answers hosts inside a VPC network. Each kind of zone is a class of its own. */
export interface PrivateZone {
  /** Adds, below `scope`, what leads `host` to the endpoint's `address`. */
  addHost(scope: Construct, host: Host, address: string): PrivateRecord
}
