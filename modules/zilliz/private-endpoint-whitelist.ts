import { type TerraformMetaArguments, TerraformResource } from 'cdktf'
import type { Construct } from 'constructs'
import { generator } from './provider.ts'

/** What an entry of the whitelist is made of; a change of any of it makes another entry. */
export interface ZillizPrivateEndpointWhitelistConfig extends TerraformMetaArguments {
  /** `proj-…` */
  readonly projectId: string
  /** The region of the service in Zilliz Cloud's spelling: `aws-us-west-2`. */
  readonly regionId: string
  /** The account with the cloud, such as an account's number or a subscription's id. */
  readonly outerUserId: string
}

/**
 * Whose endpoints a service that requires a whitelist takes. Zilliz Cloud only ever adds to it: the entry outlives its
 * destruction, and what was changed by hand goes unseen.
 */
export class ZillizPrivateEndpointWhitelist extends TerraformResource {
  readonly #config: ZillizPrivateEndpointWhitelistConfig

  constructor(scope: Construct, id: string, config: ZillizPrivateEndpointWhitelistConfig) {
    super(scope, id, {
      ...config,
      terraformResourceType: 'zillizcloud_private_endpoint_whitelist',
      terraformGeneratorMetadata: generator
    })
    this.#config = config
  }

  /** The project's id. */
  get id(): string {
    return this.getStringAttribute('id')
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    return {
      project_id: this.#config.projectId,
      region_id: this.#config.regionId,
      outer_user_id: this.#config.outerUserId
    }
  }
}
