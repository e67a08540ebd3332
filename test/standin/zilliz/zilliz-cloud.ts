import type { Cluster } from './cluster.ts'
import type { Allocation, RegisteredEndpoint } from './private-endpoint.ts'
import type { WhitelistEntry } from './private-endpoint-whitelist.ts'
import type { Project } from './project.ts'
import type { Region } from './region.ts'
import { plant, type ZillizSeed } from './zilliz-seed.ts'

/**
 * What the environment variable ZILLIZCLOUD_API_KEY holds. The provider here runs in the tests' process, which does not
 * see the environment of Terraform.
 */
export type ApiKey = 'valid' | 'illegal' | 'missing'

/** A change somebody asked of the cloud, in the order of asking; questions are not kept. */
export interface ZillizCall {
  readonly action: string
  readonly id: string
}

/** Zilliz Cloud in memory: plain state that tests read and change by hand, and the rules it would apply. */
export class ZillizCloud {
  apiKey: ApiKey
  /** How far every connection and private link is that does not say otherwise. */
  allocation: Allocation = 'done'
  /** The words for how far a connection is, of which Zilliz Cloud documents the second alone. */
  endpointStatuses: Readonly<Record<Allocation, string>> = { pending: 'PENDING', done: 'AVAILABLE' }
  /** Whether a new endpoint is listed at once, as the provider wants it, or only once this is back to `at-once`. */
  listing: 'at-once' | 'late' = 'at-once'
  /** What becomes of an endpoint that is registered already, which Zilliz Cloud does not document. */
  reRegistration: 'refused' | 'accepted' = 'refused'
  /** Is told of every change once it is made; what it throws fails the apply as a fault of the provider. */
  onChange: (call: ZillizCall) => void = () => {}
  readonly projects = new Map<string, Project>()
  readonly regions = new Map<string, Region>()
  readonly clusters = new Map<string, Cluster>()
  /** In the order of their registration. */
  readonly endpoints: RegisteredEndpoint[] = []
  readonly whitelist: WhitelistEntry[] = []
  readonly calls: ZillizCall[] = []

  constructor(seed: ZillizSeed) {
    this.apiKey = seed.apiKey ?? 'valid'
    plant(this, seed)
  }

  /** Notes a change that was made. */
  note(action: string, id: string): void {
    const call = { action, id }
    this.calls.push(call)
    this.onChange(call)
  }
}
