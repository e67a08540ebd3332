import { type TerraformMetaArguments, TerraformResource } from 'cdktf'
import type { Construct } from 'constructs'
import { generator } from './provider.ts'

/** What the registration of an endpoint is made of; a change of any of it makes another registration. */
export interface ZillizPrivateEndpointConfig extends TerraformMetaArguments {
  /** `proj-…` */
  readonly projectId: string
  /** The region of the service in Zilliz Cloud's spelling: `aws-us-west-2`. */
  readonly regionId: string
  /**
   * The id of the endpoint, or its name if the cloud gives it no id. The provider finds a registration by it alone, so it
   * must be the only one of the project.
   */
  readonly endpointId: string
  /**
   * The project of the endpoint, which regions need whose clouds register endpoints by name.
   *
   * @default - none
   */
  readonly gcpProjectId?: string | undefined
}

/**
 * An endpoint's registration with a project of Zilliz Cloud, which then accepts its connection and allocates a private
 * link to each dedicated cluster of the project in the region. The provider waits for neither.
 */
export class ZillizPrivateEndpoint extends TerraformResource {
  readonly #config: ZillizPrivateEndpointConfig

  constructor(scope: Construct, id: string, config: ZillizPrivateEndpointConfig) {
    super(scope, id, {
      ...config,
      terraformResourceType: 'zillizcloud_private_endpoint',
      terraformGeneratorMetadata: generator
    })
    this.#config = config
  }

  /** The endpoint's id. */
  get id(): string {
    return this.getStringAttribute('id')
  }

  /** The endpoint's id, as it is registered. */
  get endpointId(): string {
    return this.getStringAttribute('endpoint_id')
  }

  /** Zilliz Cloud's own word, `AVAILABLE` in its documentation, which lists no others. */
  get endpointStatus(): string {
    return this.getStringAttribute('endpoint_status')
  }

  /** The endpoint service's name, or its service attachment. */
  get endpointService(): string {
    return this.getStringAttribute('endpoint_service')
  }

  /** Zilliz Cloud's own word, `AVAILABLE` in its documentation, which lists no others. */
  get endpointServiceStatus(): string {
    return this.getStringAttribute('endpoint_service_status')
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    return {
      project_id: this.#config.projectId,
      region_id: this.#config.regionId,
      endpoint_id: this.#config.endpointId,
      gcp_project_id: this.#config.gcpProjectId
    }
  }
}
