import { VpcEndpoint } from '@cdktf/provider-aws/lib/vpc-endpoint/index.js'
import type { ITerraformDependable, TerraformResource } from 'cdktf'
import { Construct } from 'constructs'
import { type Elements, joined, listArgument, written } from '../elements.ts'
import { addCheck, address, listOf } from '../expression.ts'
import { merged, type TextMap } from '../text-map.ts'
import type { Timeouts } from '../timeouts.ts'
import type { Host } from '../zilliz/host.ts'
import type { EndpointSecurityGroup } from './endpoint-security-group.ts'
import type { IpAddressType, LinkVpc } from './link-vpc.ts'
import { type EndpointName, regionalDnsName } from './regional-dns-name.ts'

export interface InterfaceEndpointProps {
  /** The name of its link, unique in the stack. */
  readonly linkName: string
  /** The tag `Name`. */
  readonly name: string
  readonly region: string
  /** The endpoint service: `com.amazonaws.vpce.<region>.vpce-svc-…`. */
  readonly serviceName: string
  /**
   * The same as a Terraform expression without `${}`, where Zilliz Cloud answers it at each plan.
   *
   * @default - it is written down
   */
  readonly lookedUpService?: string | undefined
  /**
   * The service's region.
   *
   * @default - the endpoint's own
   */
  readonly serviceRegion?: string | undefined
  readonly vpcId: string
  readonly subnetIds: Elements
  readonly network: LinkVpc
  readonly securityGroup: EndpointSecurityGroup
  /** What must exist before the endpoint: rules that allow clients, and permission to create it. */
  readonly dependsOn: readonly ITerraformDependable[]
  /** What a person does when Zilliz Cloud has not accepted it yet. */
  readonly whenPending: string
  /** More security groups to attach. */
  readonly extraSecurityGroupIds: Elements
  readonly ipAddressType: IpAddressType
  readonly tags: TextMap
  /**
   * How long Terraform waits.
   *
   * @default - 10 minutes each
   */
  readonly timeouts?: Timeouts | undefined
  /**
   * Import this endpoint, which was created by hand.
   *
   * @default - create an endpoint
   */
  readonly adoptEndpointId?: string | undefined
  /** Refuse to destroy or replace it: its id is what Zilliz Cloud knows. */
  readonly isProtected: boolean
}

/**
 * An interface endpoint to the service of Zilliz Cloud, with an address in each subnet.
 *
 * The deploy does not wait for the vendor: AWS leaves the endpoint `pendingAcceptance` until its id is registered, and a
 * check says so.
 */
export class InterfaceEndpoint extends Construct implements AnsweredEndpoint {
  private readonly endpoint: VpcEndpoint
  readonly endpointId: string
  /** AWS's own word: `pendingAcceptance`, `available`, `rejected`, … */
  readonly state: string
  readonly ipAddressType: IpAddressType
  /** The addresses in the subnets. */
  readonly addresses: string[]
  readonly dnsName: EndpointName['dnsName']
  readonly dnsTarget: EndpointName['dnsTarget']
  readonly dnsConditions: EndpointName['dnsConditions']

  constructor(scope: Construct, id: string, props: InterfaceEndpointProps) {
    super(scope, id)
    const { network, ipAddressType } = props

    // The vendor's change of its service must not make every plan of a protected endpoint fail. Only a check tells of it.
    const keptService = props.isProtected ? props.lookedUpService : undefined
    const endpoint = new VpcEndpoint(this, 'Resource', {
      region: props.region,
      vpcEndpointType: 'Interface',
      serviceName: props.serviceName,
      ...(props.serviceRegion === undefined ? {} : { serviceRegion: props.serviceRegion }),
      vpcId: props.vpcId,
      subnetIds: listArgument(props.subnetIds),
      securityGroupIds: listArgument(
        joined(written([props.securityGroup.securityGroupId]), props.extraSecurityGroupIds)
      ),
      // Always written: the provider keeps what it finds where they are left out, so that no way would lead back to IPv4.
      ipAddressType,
      dnsOptions: { dnsRecordIpType: ipAddressType },
      // The names are Zilliz Cloud's; they are answered by a zone of our own.
      privateDnsEnabled: false,
      tags: merged({ Name: props.name }, props.tags),
      ...(props.timeouts === undefined ? {} : { timeouts: props.timeouts }),
      dependsOn: [...props.dependsOn],
      lifecycle: {
        preventDestroy: props.isProtected,
        ...(keptService === undefined ? {} : { ignoreChanges: ['service_name'] }),
        precondition: [
          {
            condition: `\${${network.zonesAreDistinct}}`,
            errorMessage: `${this.node.path}: an interface endpoint takes one subnet for each availability zone, but ${network.zonesShown}. Keep one of each zone.`
          }
        ]
      }
    })
    if (props.adoptEndpointId !== undefined) endpoint.importFrom(props.adoptEndpointId)
    this.endpoint = endpoint
    this.endpointId = endpoint.id
    this.ipAddressType = ipAddressType
    this.state = endpoint.state
    this.addresses = listOf(
      `sort(compact(flatten([for subnet in ${address(endpoint)}.subnet_configuration : [subnet.ipv4, subnet.ipv6]])))`
    )

    const { dnsName, dnsTarget, dnsConditions } = regionalDnsName(this, endpoint)
    this.dnsName = dnsName
    this.dnsTarget = dnsTarget
    this.dnsConditions = dnsConditions

    addCheck(
      this,
      `${props.linkName}-accepted`,
      `${address(endpoint)}.state == "available"`,
      `${scope.node.path}: \${${address(endpoint)}.id} is \${${address(endpoint)}.state}, not available. ${props.whenPending}`
    )
    if (keptService !== undefined) {
      const serviceName = `${address(endpoint)}.service_name`
      addCheck(
        this,
        `${props.linkName}-service`,
        `${serviceName} == ${keptService}`,
        `${scope.node.path}: Zilliz Cloud now answers the endpoint service \${${keptService}}, but \${${address(endpoint)}.id} connects to \${${serviceName}}, and protect refuses to replace it. Take ${props.linkName} out of protect and deploy, then put it back.`
      )
    }
  }

  /** Makes what is needed before the endpoint come first: rules that are added later. */
  after(needed: readonly TerraformResource[]): void {
    this.endpoint.dependsOn = [...new Set([...(this.endpoint.dependsOn ?? []), ...needed.map(address)])]
  }
}

/** An endpoint, as far as records point to it. */
export interface AnsweredEndpoint extends EndpointName {
  readonly ipAddressType: IpAddressType
}

/** A host that resolves to an endpoint. */
export interface HostOfVpcEndpoint {
  readonly host: Host
  readonly endpoint: AnsweredEndpoint
  /** Import the record that was created by hand, instead of creating one. */
  readonly adoptRecord: boolean
}
