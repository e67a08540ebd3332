import { TerraformDataSource, type TerraformMetaArguments } from 'cdktf'
import type { Construct } from 'constructs'
import { address } from '../expression.ts'
import { generator } from './provider.ts'

/** Which services are read. */
export interface DataZillizPrivateEndpointServicesConfig extends TerraformMetaArguments {
  /** In Zilliz Cloud's spelling: `aws-us-west-2`. */
  readonly regionId: string
}

/** The services that an endpoint in a region can connect to: one, or none if Zilliz Cloud has no private link there. */
export class DataZillizPrivateEndpointServices extends TerraformDataSource {
  readonly #config: DataZillizPrivateEndpointServicesConfig

  constructor(scope: Construct, id: string, config: DataZillizPrivateEndpointServicesConfig) {
    super(scope, id, {
      ...config,
      terraformResourceType: 'zillizcloud_private_endpoint_services',
      terraformGeneratorMetadata: generator
    })
    this.#config = config
  }

  /**
   * The services as a Terraform expression, written without `${}`: a list of objects with `endpoint_service` (its name,
   * or its service attachment), `whitelist_required`, `cloud_id` and `region_id`, or null where there are none.
   */
  get endpointServices(): string {
    return `${address(this)}.endpoint_services`
  }

  /** How many there are. */
  get totalCount(): number {
    return this.getNumberAttribute('total_count')
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    return { region_id: this.#config.regionId }
  }
}
