import { TerraformDataSource, type TerraformMetaArguments } from 'cdktf'
import type { Construct } from 'constructs'
import { generator } from './provider.ts'

/** Which cluster is read. */
export interface DataZillizClusterConfig extends TerraformMetaArguments {
  /** `in01-840ec44485bf25d` */
  readonly clusterId: string
}

/** A cluster as Zilliz Cloud has it now. The provider tells neither its project nor its plan. */
export class DataZillizCluster extends TerraformDataSource {
  readonly #config: DataZillizClusterConfig

  constructor(scope: Construct, id: string, config: DataZillizClusterConfig) {
    super(scope, id, {
      ...config,
      terraformResourceType: 'zillizcloud_cluster',
      terraformGeneratorMetadata: generator
    })
    this.#config = config
  }

  /** The cluster's id. */
  get id(): string {
    return this.getStringAttribute('id')
  }

  get clusterName(): string {
    return this.getStringAttribute('cluster_name')
  }

  /** In Zilliz Cloud's spelling: `aws-us-west-2`. */
  get regionId(): string {
    return this.getStringAttribute('region_id')
  }

  /** Zilliz Cloud's own word: `RUNNING`, `MODIFYING`, `SUSPENDED`, … */
  get status(): string {
    return this.getStringAttribute('status')
  }

  /** The public endpoint, `https://host:port`. */
  get connectAddress(): string {
    return this.getStringAttribute('connect_address')
  }

  /** The private link, `https://host:port`; empty while none is allocated. */
  get privateLinkAddress(): string {
    return this.getStringAttribute('private_link_address')
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    return { id: this.#config.clusterId }
  }
}
