import { type ITerraformDependable, TerraformLocal, Token } from 'cdktf'
import { Construct } from 'constructs'
import { address, stringOf } from '../expression.ts'
import type { Cloud, Host } from '../zilliz.ts'
import { DataZillizCluster } from './data-cluster.ts'
import { DataZillizPrivateEndpointServices } from './data-private-endpoint-services.ts'
import { ZillizPrivateEndpoint } from './private-endpoint.ts'
import { ZillizPrivateEndpointWhitelist } from './private-endpoint-whitelist.ts'
import type { Registered, VendorSide } from './vendor-side.ts'

export interface ByApiProps {
  /** `proj-…` */
  readonly projectId: string
  /**
   * The endpoint was registered in the console.
   *
   * @default - it is registered here
   */
  readonly registered?: true | undefined
  /** The clusters whose hosts are read. */
  readonly clusters: readonly string[]
  /**
   * The endpoint service or service attachment.
   *
   * @default - that of the region is looked up
   */
  readonly endpointService?: string | undefined
  /** The hosts that are written down. */
  readonly hosts: readonly Host[]
  readonly cloud: Cloud
  /** The service's region, in the cloud's own spelling. */
  readonly region: string
  /** The account (AWS) or project (Google Cloud) that the endpoint is made in. */
  readonly account: string
  /**
   * The project of the endpoint, on Google Cloud.
   *
   * @default - it is on AWS
   */
  readonly gcpProjectId?: string
  /** Refuse to destroy or replace the registration: without it the connection ends. */
  readonly isProtected: boolean
}

const addressPattern = '^(?:https://)?([a-z0-9.-]+):([0-9]+)$'

/**
 * Zilliz Cloud is asked by its API: for the endpoint service of the region, to know of the endpoint, and for the hosts of clusters.
 * The key is in the environment of whoever deploys, ZILLIZCLOUD_API_KEY, and nowhere else.
 */
export class ByApi extends Construct implements VendorSide {
  readonly endpointService: string
  readonly before: readonly ITerraformDependable[]
  readonly whenPending = 'it is registered, and Zilliz Cloud accepts it within about 5 minutes; deploy again then'
  readonly written: readonly Host[]
  private readonly props: ByApiProps
  private readonly regionId: string

  constructor(scope: Construct, id: string, props: ByApiProps) {
    super(scope, id)
    this.props = props
    this.written = props.hosts
    const regionId = `${props.cloud}-${props.region}`
    this.regionId = regionId

    const services = new DataZillizPrivateEndpointServices(this, 'services', {
      regionId,
      lifecycle: {
        postcondition: [
          {
            condition: '${self.total_count == 1}',
            errorMessage: `${scope.node.path}: Zilliz Cloud must have one endpoint service in ${regionId}, but lists \${self.total_count}; choose a region with private links, or write the service down`
          }
        ]
      }
    })
    const service = `one(${services.endpointServices})`
    this.endpointService = props.endpointService ?? stringOf(`${service}.endpoint_service`)
    const whitelist = new ZillizPrivateEndpointWhitelist(this, 'whitelist', {
      projectId: props.projectId,
      regionId,
      outerUserId: props.account
    })
    // Known at plan time, because the service is there before any endpoint is.
    whitelist.addOverride('count', `\${${service}.whitelist_required ? 1 : 0}`)
    this.before = [whitelist]
  }

  register(endpointId: string): Registered {
    const { projectId, gcpProjectId, clusters, isProtected, registered } = this.props
    if (registered) return { hosts: clusters.map(cluster => this.read(cluster, [])) }
    const registration = new ZillizPrivateEndpoint(this, 'Resource', {
      projectId,
      regionId: this.regionId,
      endpointId,
      ...(gcpProjectId === undefined ? {} : { gcpProjectId }),
      dependsOn: [...this.before],
      lifecycle: { preventDestroy: isProtected }
    })
    return { id: registration.id, hosts: clusters.map(cluster => this.read(cluster, [registration])) }
  }

  /** The host that Zilliz Cloud allocates to a cluster once it knows of an endpoint. */
  private read(cluster: string, dependsOn: ITerraformDependable[]): Host {
    const { cloud, region } = this.props
    const where = this.node.scope?.node.path
    const data = new DataZillizCluster(this, cluster, {
      clusterId: cluster,
      dependsOn,
      lifecycle: {
        postcondition: [
          {
            condition: `\${self.region_id == "${this.regionId}"}`,
            errorMessage: `${where}: cluster ${cluster} is in \${self.region_id}, but the endpoint's service is in ${this.regionId}; put it on a link to \${self.region_id}`
          },
          {
            condition: '${self.private_link_address != ""}',
            errorMessage: `${where}: Zilliz Cloud has not allocated the private link of ${cluster} yet (it is \${self.status}); that takes about 5 minutes, and longer while a cluster is being maintained: deploy again then, or with --wait. Where it stays so, npm run links tells why`
          },
          {
            condition: `\${self.private_link_address == "" || can(regex("${addressPattern}", self.private_link_address))}`,
            errorMessage: `${where}: the private link of ${cluster} must be host and port, but Zilliz Cloud says \${self.private_link_address}; write the host down in hosts, and take the cluster out of zilliz.clusters`
          }
        ]
      }
    })
    const parts = new TerraformLocal(
      this,
      `host-${cluster}`,
      stringOf(`regex("${addressPattern}", ${address(data)}.private_link_address)`)
    )
    const local = `local.${parts.friendlyUniqueId}`
    return {
      name: stringOf(`${local}[0]`),
      port: Token.asNumber(stringOf(`tonumber(${local}[1])`)),
      cluster,
      cloud,
      region
    }
  }
}
