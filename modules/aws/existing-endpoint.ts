import { DataAwsNetworkInterface } from '@cdktf/provider-aws/lib/data-aws-network-interface/index.js'
import { DataAwsVpcEndpoint } from '@cdktf/provider-aws/lib/data-aws-vpc-endpoint/index.js'
import { Construct } from 'constructs'
import { addCheck, address, listOf } from '../expression.ts'
import { isToken } from '../token.ts'
import type { AwsEndpointOfOthers } from './endpoint-of-others.ts'
import type { AnsweredEndpoint } from './interface-endpoint.ts'
import type { IpAddressType } from './link-vpc.ts'
import { type EndpointName, regionalDnsName } from './regional-dns-name.ts'
import { serviceNameForm } from './service-name.ts'

export interface ExistingEndpointProps {
  /** The name of its link, unique in the stack. */
  readonly linkName: string
  /** The tag `Name` of the endpoint that the link would make itself. */
  readonly ownName: string
  readonly region: string
  /** The region of its service. */
  readonly serviceRegion: string
  readonly endpoint: AwsEndpointOfOthers
  /** The families in which its hosts are answered. */
  readonly ipAddressType: IpAddressType
  /** What to do while Zilliz Cloud has not accepted it. */
  readonly whenPending: string
  /**
   * The endpoint service of the region as a Terraform expression without `${}`.
   *
   * @default - not known
   */
  readonly lookedUpService?: string | undefined
}

/**
 * An interface endpoint that others made. It is read if the account of the deploy owns it; AWS shows endpoints of other accounts
 * to no one.
 */
export class ExistingEndpoint extends Construct implements AnsweredEndpoint {
  readonly endpointId: string
  readonly ipAddressType: IpAddressType
  readonly dnsName: EndpointName['dnsName']
  readonly dnsTarget: EndpointName['dnsTarget']
  readonly dnsConditions: EndpointName['dnsConditions']
  /** AWS's own word, if the endpoint is read. */
  readonly state: string | undefined
  /** Its addresses, if the endpoint is read and its id is written down: Terraform must know at plan how many there are. */
  readonly addresses: readonly string[]
  /** What the Add Private Link dialog of Zilliz Cloud asks for, if the endpoint is read. */
  readonly place: Readonly<Record<string, string | readonly string[]>>

  constructor(scope: Construct, id: string, props: ExistingEndpointProps) {
    super(scope, id)
    const { region, endpoint, ipAddressType } = props
    this.endpointId = endpoint.id
    this.ipAddressType = ipAddressType
    if (endpoint.kind === 'given') {
      this.dnsName = endpoint.dnsName
      this.dnsTarget = { name: endpoint.dnsName, hostedZoneId: endpoint.hostedZoneId }
      this.dnsConditions = []
      this.state = undefined
      this.addresses = []
      this.place = {}
      return
    }

    // With conditions, Terraform would read it only at apply while a resource that the token refers to has a change.
    const isWritten = !isToken(endpoint.id)
    const data = new DataAwsVpcEndpoint(this, 'Resource', {
      region,
      id: endpoint.id,
      ...(isWritten ? { lifecycle: { postcondition: this.conditions(props) } } : {})
    })
    const { dnsName, dnsTarget, dnsConditions } = regionalDnsName(this, data)
    this.dnsName = dnsName
    this.dnsTarget = dnsTarget
    this.dnsConditions = dnsConditions
    this.state = data.state
    this.place = { 'VPC ID': data.vpcId, 'Subnet IDs': listOf(`sort(${address(data)}.subnet_ids)`) }
    this.addresses = isWritten ? this.readAddresses(region, data) : []
    addCheck(
      this,
      `${props.linkName}-accepted`,
      `${address(data)}.state == "available"`,
      `${scope.node.path}: \${${address(data)}.id} is \${${address(data)}.state}, not available. ${props.whenPending}`
    )
    const { lookedUpService } = props
    if (lookedUpService === undefined) return
    addCheck(
      this,
      `${props.linkName}-service`,
      `${address(data)}.service_name == ${lookedUpService}`,
      `${scope.node.path}: Zilliz Cloud answers the endpoint service \${${lookedUpService}}, but \${${address(data)}.id} connects to \${${address(data)}.service_name}. Name an endpoint to the service of Zilliz Cloud.`
    )
  }

  private conditions({ endpoint: { id }, ownName, serviceRegion, ipAddressType }: ExistingEndpointProps) {
    const where = this.node.path
    return [
      {
        condition: isToken(serviceRegion)
          ? '${self.vpc_endpoint_type == "Interface"}'
          : `\${can(regex("^${serviceNameForm(serviceRegion)}$", self.service_name))}`,
        errorMessage: `${where}: ${id} must be an interface endpoint to Zilliz Cloud${isToken(serviceRegion) ? '' : ` in ${serviceRegion}`}, got one to \${self.service_name}. Name another.`
      },
      {
        condition: `\${lookup(self.tags, "Name", "") != "${ownName}"}`,
        errorMessage: `${where}: ${id} has the tag Name of the endpoint that this link makes itself, ${ownName}, so the deploy would destroy it. Remove endpoint to keep it. To hand it over, take it and its security group out of the state first, and change the tag.`
      },
      ...(ipAddressType === 'ipv4'
        ? []
        : [
            {
              condition: `\${self.ip_address_type == "${ipAddressType}"}`,
              errorMessage: `${where}: ${id} must have IPv6 addresses for ipAddressType: '${ipAddressType}', got \${self.ip_address_type}. Choose ipAddressType: 'ipv4'.`
            }
          ])
    ]
  }

  private readAddresses(region: string, data: DataAwsVpcEndpoint): string[] {
    const interfaces = new DataAwsNetworkInterface(this, 'interface', { region, id: '${each.value}' })
    interfaces.addOverride('for_each', `\${toset(${address(data)}.network_interface_ids)}`)
    return listOf(
      `sort(flatten([for each in ${address(interfaces)} : concat(each.private_ips, tolist(each.ipv6_addresses))]))`
    )
  }
}
