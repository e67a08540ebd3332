import type { ITerraformDependable } from 'cdktf'
import type { AllocatedHost, Host } from './host.ts'

/** What comes of an endpoint that Zilliz Cloud knows. */
export interface Registered {
  /** The registration, if the deploy makes it. */
  readonly id?: string
  /** The hosts that are read from Zilliz Cloud; names and ports are Terraform expressions until the deploy. */
  readonly hosts: readonly AllocatedHost[]
}

/** How Zilliz Cloud learns of an endpoint, and which hosts it allocates. */
export interface Registrar {
  /**
   * The endpoint service as a Terraform expression without `${}`, where Zilliz Cloud answers it at each plan: it may change without
   * a change of the literal.
   *
   * @default - it is written down, or not known
   */
  readonly lookedUpService?: string | undefined
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

/** The vendor's side of a private link whose endpoint the deploy makes: a registrar, and what the endpoint connects to. */
export interface VendorSide extends Registrar {
  /** The endpoint service or service attachment. */
  readonly endpointService: string
  /** What must be there before the endpoint. */
  readonly before: readonly ITerraformDependable[]
}
