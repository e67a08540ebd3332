import { ComputeAddress } from '@cdktf/provider-google/lib/compute-address/index.js'
import { ComputeForwardingRule } from '@cdktf/provider-google/lib/compute-forwarding-rule/index.js'
import { type IResolvable, type ITerraformDependable, TerraformResource } from 'cdktf'
import { Construct } from 'constructs'
import { addCheck, address } from '../expression.ts'
import type { TextMap } from '../text-map.ts'
import type { Timeouts } from '../timeouts.ts'
import type { Host } from '../zilliz/host.ts'
import type { LinkNetwork } from './link-network.ts'
import type { LinkResourceNames } from './names.ts'

export interface PscEndpointProps {
  /** The name of its link, unique in the stack. */
  readonly linkName: string
  readonly project: string
  readonly region: string
  readonly names: LinkResourceNames
  /** `projects/<project>/regions/<region>/serviceAttachments/<name>` */
  readonly serviceAttachment: string
  /**
   * The same as a Terraform expression without `${}`, where Zilliz Cloud answers it at each plan.
   *
   * @default - it is written down
   */
  readonly lookedUpService?: string | undefined
  readonly network: LinkNetwork
  /**
   * Its IPv4 address.
   *
   * @default - a free one of the subnet
   */
  readonly address?: string | undefined
  /** Allow clients in other regions of the network to connect. */
  readonly globalAccess: boolean | IResolvable
  readonly labels: TextMap
  /**
   * How long Terraform waits.
   *
   * @default - 20 minutes each
   */
  readonly timeouts?: Timeouts | undefined
  /** What must be there before it. */
  readonly dependsOn: readonly ITerraformDependable[]
  /** What to do while Zilliz Cloud has not accepted it. */
  readonly whenPending: string
  /** Import the address and the forwarding rule of those names, which were created by hand. */
  readonly adopt: boolean
  /** Refuse to destroy or replace it: the connection is what Zilliz Cloud has accepted. */
  readonly isProtected: boolean
}

/**
 * A Private Service Connect endpoint: an internal address, and a forwarding rule from it to the service attachment of
 * Zilliz Cloud. It is regional: one serves every subnet of the network in its region.
 */
export class PscEndpoint extends Construct {
  /** Its name, once it is there. */
  readonly name: string
  /** Its IPv4 address. */
  readonly address: string
  /** Google's own word: `PENDING`, `ACCEPTED`, `REJECTED`, `CLOSED`. */
  readonly connectionStatus: string

  constructor(scope: Construct, id: string, props: PscEndpointProps) {
    super(scope, id)
    const { project, region, names, network, labels, timeouts } = props
    const waiting = timeouts === undefined ? {} : { timeouts }

    const ip = new ComputeAddress(this, 'address', {
      project,
      region,
      name: names.address,
      addressType: 'INTERNAL',
      purpose: 'GCE_ENDPOINT',
      subnetwork: network.subnetworkSelfLink,
      ...(props.address === undefined ? {} : { address: props.address }),
      ...waiting,
      lifecycle: { preventDestroy: props.isProtected }
    })
    // cdktf's own class for it runs `terraform version` at every synth.
    const attachment = new TerraformResource(this, 'service-attachment', { terraformResourceType: 'terraform_data' })
    attachment.addOverride('input', props.serviceAttachment)
    // The vendor's change of its service must not make every plan of a protected endpoint fail. Only a check tells of it.
    const keptService = props.isProtected ? props.lookedUpService : undefined
    if (keptService !== undefined) attachment.addOverride('lifecycle', { ignore_changes: ['input'] })
    const rule = new ComputeForwardingRule(this, 'Resource', {
      project,
      region,
      name: names.endpoint,
      target: props.serviceAttachment,
      // Private Service Connect wants it empty, and the provider's default is EXTERNAL.
      loadBalancingScheme: '',
      network: network.networkSelfLink,
      ipAddress: ip.selfLink,
      allowPscGlobalAccess: props.globalAccess,
      ...waiting,
      // A connection that the vendor closed never opens again; only a new rule connects. Where the rule is protected, no plan
      // could be made any more if that was asked for: a check says what is refused.
      recreateClosedPsc: !props.isProtected,
      // Names are answered by a zone of our own.
      noAutomateDnsZone: true,
      ...(props.dependsOn.length === 0 ? {} : { dependsOn: [...props.dependsOn] }),
      lifecycle: {
        preventDestroy: props.isProtected,
        // The provider never reads no_automate_dns_zone back, so it would replace a rule that was made by hand and is taken over.
        ignoreChanges: ['no_automate_dns_zone', ...(keptService === undefined ? [] : ['target'])],
        replaceTriggeredBy: [
          // The provider does not see that another address came to the same self link, and a whole resource as the
          // trigger would replace the rule at any change of a label.
          `${address(ip)}.address`,
          // The provider plans a change of the target in place, which Google refuses: hashicorp/terraform-provider-google#19189.
          address(attachment)
        ]
      }
    })
    // As a property, cdktf would write the label cost-center as cost_center.
    for (const made of [ip, rule]) made.addOverride('labels', labels)
    if (props.adopt) {
      ip.importFrom(`projects/${project}/regions/${region}/addresses/${names.address}`)
      rule.importFrom(`projects/${project}/regions/${region}/forwardingRules/${names.endpoint}`)
    }
    this.name = rule.name
    this.address = ip.address
    this.connectionStatus = rule.pscConnectionStatus

    const status = `${address(rule)}.psc_connection_status`
    addCheck(
      this,
      `${props.linkName}-accepted`,
      `${status} == "ACCEPTED"${props.isProtected ? ` || ${status} == "CLOSED"` : ''}`,
      `${scope.node.path}: the connection of ${names.endpoint} is \${${status}}, not ACCEPTED. ${props.whenPending}`
    )
    if (props.isProtected) {
      addCheck(
        this,
        `${props.linkName}-closed`,
        `${status} != "CLOSED"`,
        `${scope.node.path}: the connection of ${names.endpoint} is CLOSED, and never opens again. Only another endpoint connects, and protect refuses to replace this one. Take ${props.linkName} out of protect and deploy, then put it back.`
      )
    }
    if (keptService !== undefined) {
      const target = `${address(rule)}.target`
      // Google answers the project's number where its id was given.
      const inRegion = (path: string) => `split("/regions/", ${path})[1]`
      addCheck(
        this,
        `${props.linkName}-service`,
        `try(${inRegion(target)} == ${inRegion(keptService)}, true)`,
        `${scope.node.path}: Zilliz Cloud now answers the service attachment \${${keptService}}, but ${names.endpoint} connects to \${${target}}, and protect refuses to replace it. Take ${props.linkName} out of protect and deploy, then put it back.`
      )
    }
  }
}

/** A host that resolves to an endpoint. */
export interface HostOfPscEndpoint {
  readonly host: Host
  /** The endpoint's address. */
  readonly address: string
  /** Import the record that was created by hand, instead of creating one. */
  readonly adoptRecord: boolean
}
