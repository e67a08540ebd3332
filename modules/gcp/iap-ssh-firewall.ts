import { ComputeFirewall } from '@cdktf/provider-google/lib/compute-firewall/index.js'
import { Construct } from 'constructs'

export interface IapSshFirewallProps {
  readonly project: string
  readonly name: string
  readonly networkSelfLink: string
  /** Network tags of the VMs that may be reached. */
  readonly targetTags: readonly string[]
}

/**
 * The guide's rule for tcp:22: it lets a person reach a test VM by SSH through Identity-Aware Proxy, to try the private
 * link from there. The link itself does not need it.
 */
export class IapSshFirewall extends Construct {
  constructor(scope: Construct, id: string, props: IapSshFirewallProps) {
    super(scope, id)

    new ComputeFirewall(this, 'Resource', {
      project: props.project,
      name: props.name,
      description: 'SSH through Identity-Aware Proxy to test VMs of the private link to Zilliz Cloud',
      network: props.networkSelfLink,
      direction: 'INGRESS',
      // Where Identity-Aware Proxy connects from: https://cloud.google.com/iap/docs/using-tcp-forwarding
      sourceRanges: ['35.235.240.0/20'],
      targetTags: [...props.targetTags],
      allow: [{ protocol: 'tcp', ports: ['22'] }],
      logConfig: { metadata: 'INCLUDE_ALL_METADATA' }
    })
  }
}
