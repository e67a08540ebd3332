import type { ITerraformDependable } from 'cdktf'
import type { AllocatedHost, Host } from './host.ts'

/** What comes of an endpoint that Zilliz Cloud knows. */
export interface Registered {
  /** The registration, if the deploy makes it. */
  readonly id?: string
  /** The hosts that are read from Zilliz Cloud; names and ports are Terraform expressions until the deploy. */
  readonly hosts: readonly AllocatedHost[]
}

/** The vendor's side of a private link: what to connect to, how Zilliz Cloud learns of the endpoint, and which hosts it allocates. */
export interface VendorSide {
  /** The endpoint service or service attachment. */
  readonly endpointService: string
  /**
   * The same as a Terraform expression without `${}`, where Zilliz Cloud answers it at each plan: it may change without a change
   * of the literal.
   *
   * @default - it is written down
   */
  readonly lookedUpService?: string | undefined
  /** What must be there before the endpoint. */
  readonly before: readonly ITerraformDependable[]
  /** What to do while Zilliz Cloud has not accepted the endpoint. */
  readonly whenPending: string
  /** The hosts that are written down. */
  readonly written: readonly Host[]
  /**
   * Lets Zilliz Cloud know of the endpoint.
   *
   * @param endpointId its id, or its name if its cloud registers endpoints by name
   */
  register(endpointId: string): Registered
}
