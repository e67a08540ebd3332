import { DataGoogleComputeNetwork } from '@cdktf/provider-google/lib/data-google-compute-network/index.js'
import { DataGoogleComputeSubnetwork } from '@cdktf/provider-google/lib/data-google-compute-subnetwork/index.js'
import { Construct } from 'constructs'
import { address, expression } from '../expression.ts'
import { isToken } from '../token.ts'

export interface LinkNetworkProps {
  readonly project: string
  readonly region: string
  /** The network's name, or, of a token, its path or self link. */
  readonly network: string
  /**
   * The subnet's name, or, of a token, its path or self link.
   *
   * @default - nothing of the link is in a subnet
   */
  readonly subnetwork?: string | undefined
  /**
   * The address that the subnet must have.
   *
   * @default - any
   */
  readonly address?: string | undefined
}

/**
 * The VPC network and the subnet of a link as Google Cloud has them. Read at plan time, so that a subnet of another
 * network, or one without the address, stops the deploy before anything is made.
 *
 * What is given by a token is not read. While its resource has a change of its own, Terraform reads it only at apply, so that the
 * endpoint's network would not be known at plan, and the endpoint would be replaced.
 */
export class LinkNetwork extends Construct {
  readonly networkSelfLink: string
  private readonly subnetworkLink: string | undefined
  /**
   * A Terraform expression, without `${}`, that holds when VMs without an external address reach Google's services; undefined if
   * the subnet is not read.
   */
  readonly reachesGoogle: string | undefined

  constructor(scope: Construct, id: string, props: LinkNetworkProps) {
    super(scope, id)
    const { project, region } = props

    const isNetworkRead = !isToken(props.network)
    const network = isNetworkRead
      ? new DataGoogleComputeNetwork(this, 'network', { project, name: props.network })
      : undefined
    this.networkSelfLink = network?.selfLink ?? props.network
    if (props.subnetwork === undefined || isToken(props.subnetwork)) {
      this.subnetworkLink = props.subnetwork
      this.reachesGoogle = undefined
      return
    }
    const subnetwork = new DataGoogleComputeSubnetwork(this, 'subnetwork', {
      project,
      region,
      name: props.subnetwork,
      lifecycle: {
        postcondition: [
          {
            condition:
              network === undefined
                ? expression`endswith(self.network, trimprefix(${props.network}, "https://www.googleapis.com/compute/v1/"))`
                : `\${self.network == ${address(network)}.self_link}`,
            errorMessage: `${this.node.path}: subnet ${props.subnetwork} is in \${self.network}, not in ${props.network}. Name a subnet of the link's network.`
          },
          {
            condition: '${self.stack_type != "IPV6_ONLY"}',
            errorMessage: `${this.node.path}: subnet ${props.subnetwork} must have IPv4 addresses, got an IPv6-only subnet. Name a subnet with an IPv4 range.`
          },
          ...(props.address === undefined || isToken(props.address)
            ? []
            : [
                {
                  condition: `\${can(cidrhost(self.ip_cidr_range, 0)) && try(cidrhost("${props.address}/\${split("/", self.ip_cidr_range)[1]}", 0) == cidrhost(self.ip_cidr_range, 0), false)}`,
                  errorMessage: `${this.node.path}: address must be in the range of subnet ${props.subnetwork}, \${self.ip_cidr_range}, got ${props.address}. Give a free address of the subnet.`
                }
              ])
        ]
      }
    })
    this.subnetworkLink = subnetwork.selfLink
    this.reachesGoogle = `${address(subnetwork)}.private_ip_google_access`
  }

  /** @throws Error if there is no subnet */
  get subnetworkSelfLink(): string {
    if (this.subnetworkLink === undefined) throw new Error(`${this.node.path}: has no subnet`)
    return this.subnetworkLink
  }
}
