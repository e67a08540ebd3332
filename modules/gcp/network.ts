import { DataGoogleComputeNetwork } from '@cdktf/provider-google/lib/data-google-compute-network/index.js'
import { DataGoogleComputeSubnetwork } from '@cdktf/provider-google/lib/data-google-compute-subnetwork/index.js'
import { Construct } from 'constructs'
import { address } from '../expression.ts'

export interface NetworkProps {
  readonly project: string
  readonly region: string
  /** The network's name. */
  readonly network: string
  /** The subnet's name. */
  readonly subnetwork: string
}

/**
 * The VPC network and the subnet of a link as Google Cloud has them. Read at plan time, so that a subnet of another
 * network, or one that takes no endpoints, stops the deploy before anything is made.
 */
export class Network extends Construct {
  readonly networkSelfLink: string
  readonly subnetworkSelfLink: string
  /** A Terraform expression, without `${}`, that holds when VMs without an external address reach Google's services. */
  readonly reachesGoogle: string

  constructor(scope: Construct, id: string, props: NetworkProps) {
    super(scope, id)
    const { project, region } = props

    const network = new DataGoogleComputeNetwork(this, 'network', { project, name: props.network })
    const subnetwork = new DataGoogleComputeSubnetwork(this, 'subnetwork', {
      project,
      region,
      name: props.subnetwork,
      lifecycle: {
        postcondition: [
          {
            condition: `\${self.network == ${address(network)}.self_link}`,
            errorMessage: `${this.node.path}: subnet ${props.subnetwork} is in \${self.network}, not in ${props.network}; name a subnet of the link's network`
          }
        ]
      }
    })
    this.networkSelfLink = network.selfLink
    this.subnetworkSelfLink = subnetwork.selfLink
    this.reachesGoogle = `${address(subnetwork)}.private_ip_google_access`
  }
}
