import { ComputeFirewall } from '@cdktf/provider-google/lib/compute-firewall/index.js'
import { Construct } from 'constructs'

export interface ScrapeFirewallProps {
  readonly project: string
  readonly name: string
  readonly networkSelfLink: string
  /** Who may read the metrics: address ranges, and network tags of VMs. */
  readonly scrapeFrom: readonly string[]
  /** The network tag of the probe's VMs. */
  readonly tag: string
  readonly port: number
}

/** Lets those who are named read the probe's metrics. */
export class ScrapeFirewall extends Construct {
  constructor(scope: Construct, id: string, { scrapeFrom, tag, port, ...props }: ScrapeFirewallProps) {
    super(scope, id)
    const ranges = scrapeFrom.filter(from => from.includes('/'))
    const tags = scrapeFrom.filter(from => !from.includes('/'))

    new ComputeFirewall(this, 'Resource', {
      project: props.project,
      name: props.name,
      description: 'Prometheus reads the probe of the private link to Zilliz Cloud',
      network: props.networkSelfLink,
      direction: 'INGRESS',
      ...(ranges.length === 0 ? {} : { sourceRanges: ranges }),
      ...(tags.length === 0 ? {} : { sourceTags: tags }),
      targetTags: [tag],
      allow: [{ protocol: 'tcp', ports: [String(port)] }]
    })
  }
}
