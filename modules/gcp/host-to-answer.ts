import type { Host } from '../zilliz/host.ts'

/** A host to be answered. */
export interface HostToAnswer {
  readonly host: Host
  /** The endpoint's address. */
  readonly address: string
  /** Import the record that was created by hand, instead of creating one. */
  readonly adoptRecord: boolean
}
