import { type ITerraformDependable, TerraformLocal, Token } from 'cdktf'
import { Construct } from 'constructs'
import type { CloudId } from '../../probe/clouds.ts'
import { highestPort } from '../../probe/zilliz/host.ts'
import { formOf, formWords, patternOf } from '../../probe/zilliz/host-forms.ts'
import { address, stringOf } from '../expression.ts'
import { DataZillizCluster } from './data-cluster.ts'
import { DataZillizPrivateEndpointServices } from './data-private-endpoint-services.ts'
import type { AllocatedHost, Host } from './host.ts'
import { notAllocatedYet } from './not-allocated.ts'
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
  /**
   * What the service that is looked up must match: the form that a written one is held to, in the link's region. A regular
   * expression that Terraform reads (RE2), without backslashes.
   */
  readonly serviceForm: string
  /** The hosts that are written down. */
  readonly hosts: readonly Host[]
  readonly cloud: CloudId
  /** The service's region, in the cloud's own spelling. */
  readonly region: string
  /**
   * The account or project that the endpoint is made in, which must be allowed to connect first.
   *
   * @default - it is allowed already, or not known
   */
  readonly account?: string | undefined
  /**
   * The project of the endpoint, if its cloud registers endpoints by name.
   *
   * @default - it registers them by id
   */
  readonly endpointProject?: string
  /** Refuse to destroy or replace the registration: without it the connection ends. */
  readonly isProtected: boolean
}

/** Stands for a host that is not known. No record or rule is made of it: a condition of what reads the host comes first. */
const unknownHost = { name: 'not-allocated.invalid', port: 0 }

/** The clusters that the provider reads are dedicated ones. */
const hostForm = formOf('cluster')

/** The most characters of an answer that a message shows. */
const longestShown = 300

/**
 * Uses the API of Zilliz Cloud to look up the endpoint service of the region, to register the endpoint, and to read the hosts of clusters.
 * The key is only in the environment of the deploy, ZILLIZCLOUD_API_KEY.
 */
export class ByApi extends Construct implements VendorSide {
  readonly endpointService: string
  readonly lookedUpService: string | undefined
  readonly before: readonly ITerraformDependable[]
  readonly whenPending = 'It is registered, and Zilliz Cloud accepts it within about 5 minutes. Deploy again then.'
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
            errorMessage: `${scope.node.path}: Zilliz Cloud must have one endpoint service in ${regionId}, but lists \${self.total_count}. Choose a region with private links, or write the service down.`
          },
          ...(props.endpointService === undefined
            ? [
                {
                  condition: `\${self.total_count != 1 || can(regex("^${props.serviceForm}$", one(self.endpoint_services).endpoint_service))}`,
                  errorMessage: `${scope.node.path}: Zilliz Cloud must answer an endpoint service of ${regionId}, got ${shownAnswer('one(self.endpoint_services).endpoint_service')}. Write down the service that the Add Private Link dialog shows.`
                }
              ]
            : [])
        ]
      }
    })
    // A destroy evaluates what follows also where the conditions above do not hold, so nothing here may fail.
    const service = `one(${services.endpointServices})`
    this.lookedUpService = props.endpointService === undefined ? `try(${service}.endpoint_service, "")` : undefined
    this.endpointService = props.endpointService ?? stringOf(`try(${service}.endpoint_service, "")`)
    if (props.account === undefined) {
      this.before = []
      return
    }
    const whitelist = new ZillizPrivateEndpointWhitelist(this, 'whitelist', {
      projectId: props.projectId,
      regionId,
      outerUserId: props.account
    })
    // Known at plan time, because the service is there before any endpoint is.
    whitelist.addOverride('count', `\${try(${service}.whitelist_required, false) ? 1 : 0}`)
    this.before = [whitelist]
  }

  register(endpointId: string): Registered {
    const { projectId, endpointProject, clusters, isProtected, registered } = this.props
    if (registered) return { hosts: clusters.map(cluster => this.read(cluster, [])) }
    const registration = new ZillizPrivateEndpoint(this, 'Resource', {
      projectId,
      regionId: this.regionId,
      endpointId,
      ...(endpointProject === undefined ? {} : { gcpProjectId: endpointProject }),
      ...(this.before.length === 0 ? {} : { dependsOn: [...this.before] }),
      lifecycle: { preventDestroy: isProtected }
    })
    return { id: registration.id, hosts: clusters.map(cluster => this.read(cluster, [registration])) }
  }

  /** The host that Zilliz Cloud allocates to a cluster once it knows of an endpoint. */
  private read(cluster: string, dependsOn: ITerraformDependable[]): AllocatedHost {
    const { cloud, region } = this.props
    const where = this.node.scope?.node.path
    const isAllocated = 'try(length(self.private_link_address), 0) > 0'
    const form = `^(?:https://)?(${patternOf(hostForm, this.regionId)}):([0-9]{1,5})$`
    // The host, its cluster's label, and the port.
    const parse = (of: string) => `regex("${form}", ${of}.private_link_address)`
    const data = new DataZillizCluster(this, cluster, {
      clusterId: cluster,
      dependsOn,
      lifecycle: {
        postcondition: [
          {
            condition: `\${self.region_id == "${this.regionId}"}`,
            errorMessage: `${where}: cluster ${cluster} is in \${self.region_id}, but the endpoint's service is in ${this.regionId}. Put it on a link to \${self.region_id}.`
          },
          {
            condition: `\${${isAllocated}}`,
            errorMessage: `${where}: ${notAllocatedYet(cluster)} (it is \${self.status}); that takes about 5 minutes, and longer while a cluster is being maintained. Deploy again then. In a project of zilliz-privatelink, the option --wait of deploy waits for it, and links finds out why it takes longer.`
          },
          {
            condition: `\${!(${isAllocated}) || try(tonumber(${parse('self')}[2]) >= 1 && tonumber(${parse('self')}[2]) <= ${highestPort}, false)}`,
            errorMessage: `${where}: the private link of ${cluster} must be https://${formWords(hostForm, this.regionId)}, with a port from 1 to ${highestPort}, got ${shownAnswer('self.private_link_address')}. Deploy again in a minute. If it stays so, compare it with the page of the cluster in the Zilliz Cloud console.`
          }
        ]
      }
    })
    // A destroy evaluates it also where the conditions above do not hold, so it may not fail, and must be what providers accept.
    const parts = new TerraformLocal(
      this,
      `host-${cluster}`,
      stringOf(`try(${parse(address(data))}, ["${unknownHost.name}", "", "${unknownHost.port}"])`)
    )
    const local = `local.${parts.friendlyUniqueId}`
    // What depends on a registration that is yet to be made is read at apply. Which hosts share a port is asked at plan.
    let atPlan = dependsOn.length === 0 ? data : undefined
    return {
      name: stringOf(`${local}[0]`),
      port: Token.asNumber(stringOf(`tonumber(${local}[2])`)),
      portAtPlan: () => {
        atPlan ??= new DataZillizCluster(this, `${cluster}-at-plan`, { clusterId: cluster })
        return `try(tostring(tonumber(${parse(address(atPlan))}[2])), "")`
      },
      cluster,
      names: 'cluster',
      cloud,
      region
    }
  }
}

/** What Zilliz Cloud answered, as a message quotes it. */
function shownAnswer(expression: string): string {
  return `\${try(jsonencode(substr(${expression}, 0, ${longestShown})), "nothing")}`
}
