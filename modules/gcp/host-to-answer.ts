import type { Host } from '../zilliz.ts'

/** A host to be answered. */
export interface HostToAnswer {
  readonly host: Host
  /** The endpoint's address. */
  readonly address: string
  /** Take over the record that was made by hand, instead of making one. */
  readonly adoptRecord: boolean
}
