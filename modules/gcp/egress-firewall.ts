import { ComputeFirewall } from '@cdktf/provider-google/lib/compute-firewall/index.js'
import { Construct } from 'constructs'

export interface EgressFirewallProps {
  readonly project: string
  readonly name: string
  readonly networkSelfLink: string
  /** The endpoint's address. */
  readonly address: string
  /** The hosts' TCP ports, one at least: a rule without ports would open all. */
  readonly ports: string[]
  /** The lower number comes first; of two rules with one priority the one that denies wins. */
  readonly priority: number
  /**
   * Network tags of the VMs whose outbound connections are allowed.
   *
   * @default - every VM of the network
   */
  readonly targetTags?: readonly string[] | undefined
  /**
   * Service accounts of the VMs whose outbound connections are allowed, instead of `targetTags`.
   *
   * @default - every VM of the network
   */
  readonly targetServiceAccounts?: readonly string[] | undefined
}

/**
 * Allows egress from clients to the endpoint on the hosts' ports, even if the network denies egress. Rules for ingress do not
 * apply to a Private Service Connect endpoint: https://cloud.google.com/vpc/docs/configure-private-service-connect-services
 */
export class EgressFirewall extends Construct {
  private readonly rule: ComputeFirewall

  constructor(scope: Construct, id: string, props: EgressFirewallProps) {
    super(scope, id)

    this.rule = new ComputeFirewall(this, 'Resource', {
      project: props.project,
      name: props.name,
      description: 'Clients of the private link to Zilliz Cloud',
      network: props.networkSelfLink,
      direction: 'EGRESS',
      priority: props.priority,
      ...(props.targetTags === undefined ? {} : { targetTags: [...props.targetTags] }),
      ...(props.targetServiceAccounts === undefined ? {} : { targetServiceAccounts: [...props.targetServiceAccounts] }),
      destinationRanges: [`${props.address}/32`],
      allow: [{ protocol: 'tcp', ports: props.ports }],
      logConfig: { metadata: 'INCLUDE_ALL_METADATA' }
    })
  }

  /** Allows these ports instead. */
  setPorts(ports: string[]): void {
    this.rule.putAllow([{ protocol: 'tcp', ports }])
  }

  /** Allows the VMs with these tags instead. */
  setTargetTags(tags: string[]): void {
    this.rule.targetTags = tags
  }

  /** Allows the VMs with these service accounts instead. */
  setTargetServiceAccounts(accounts: string[]): void {
    this.rule.targetServiceAccounts = accounts
  }
}
