import { z } from 'zod'
import { escapeProse } from '../../../facts/escape.ts'
import { isAddress, isRange } from './range.ts'

/**
 * What is read of Google's answers: https://cloud.google.com/compute/docs/reference/rest/v1 and
 * https://cloud.google.com/dns/docs/reference/rest/v1. Fields that are not used are dropped. Google leaves out what is empty or false.
 */
const text = z
  .string()
  .max(4096)
  .transform(given => escapeProse(given, 4096))
const texts = z.array(text).default([])
const flag = z.boolean().default(false)
/** An address or a subnet. */
const range = z.string().refine(isRange)
const ranges = z.array(range).default([])

export const ForwardingRuleAnswer = z.object({
  name: text,
  IPAddress: z.string().refine(isAddress).optional(),
  network: text.optional(),
  pscConnectionStatus: text.optional(),
  allowPscGlobalAccess: flag
})
/** The forwarding rule of a Private Service Connect endpoint. */
export type ForwardingRuleAnswer = Readonly<z.output<typeof ForwardingRuleAnswer>>

export const InstanceAnswer = z.object({
  name: text,
  zone: text,
  tags: z.object({ items: texts }).default({ items: [] }),
  serviceAccounts: z.array(z.object({ email: text })).default([]),
  networkInterfaces: z
    .array(
      z.object({
        network: text.optional(),
        networkIP: text.optional(),
        ipv6Address: text.optional(),
        aliasIpRanges: z.array(z.object({ ipCidrRange: range })).default([])
      })
    )
    .default([])
})
/** A virtual machine. */
export type InstanceAnswer = Readonly<z.output<typeof InstanceAnswer>>

export const NetworkAnswer = z.object({
  networkFirewallPolicyEnforcementOrder: text.default('AFTER_CLASSIC_FIREWALL'),
  peerings: z.array(z.object({ name: text, network: text.optional(), state: text.optional() })).default([])
})
/** A VPC network. */
export type NetworkAnswer = Readonly<z.output<typeof NetworkAnswer>>

export const SubnetworkAnswer = z.object({
  name: text,
  network: text,
  region: text,
  ipCidrRange: range.optional(),
  internalIpv6Prefix: range.optional(),
  externalIpv6Prefix: range.optional(),
  secondaryIpRanges: z.array(z.object({ ipCidrRange: range })).default([])
})
export type SubnetworkAnswer = Readonly<z.output<typeof SubnetworkAnswer>>

/** A Cloud Router: what it learns is in no list of routes. */
export const RouterAnswer = z.object({ name: text, network: text })
export type RouterAnswer = Readonly<z.output<typeof RouterAnswer>>

export const RouteAnswer = z.object({
  name: text,
  network: text,
  destRange: range,
  priority: z.number().default(1000),
  tags: texts,
  nextHopNetwork: text.optional(),
  nextHopGateway: text.optional(),
  nextHopPeering: text.optional(),
  nextHopHub: text.optional(),
  nextHopInstance: text.optional(),
  nextHopIp: text.optional(),
  nextHopIlb: text.optional(),
  nextHopVpnTunnel: text.optional(),
  nextHopInterconnectAttachment: text.optional(),
  routeStatus: text.optional()
})
export type RouteAnswer = Readonly<z.output<typeof RouteAnswer>>

const FirewallEntry = z.object({ IPProtocol: text, ports: texts })

const FirewallAnswer = z.object({
  name: text,
  direction: text.default('INGRESS'),
  disabled: flag,
  priority: z.number().default(1000),
  allowed: z.array(FirewallEntry).default([]),
  denied: z.array(FirewallEntry).default([]),
  destinationRanges: z.array(range).optional(),
  sourceRanges: ranges,
  targetTags: texts,
  targetServiceAccounts: texts
})
/** A firewall rule of a network. */
export type FirewallAnswer = Readonly<z.output<typeof FirewallAnswer>>

const PolicyRuleAnswer = z.object({
  priority: z.number(),
  direction: text.optional(),
  action: text.optional(),
  disabled: flag,
  targetType: text.optional(),
  targetResources: texts,
  targetServiceAccounts: texts,
  targetSecureTags: z.array(z.object({ name: text.optional(), state: text.optional() })).default([]),
  match: z
    .object({
      layer4Configs: z.array(z.object({ ipProtocol: text, ports: texts })).default([]),
      destIpRanges: ranges,
      destAddressGroups: texts,
      destFqdns: texts,
      destRegionCodes: texts,
      destThreatIntelligences: texts,
      destNetworkContext: text.optional(),
      destNetworkType: text.optional(),
      srcIpRanges: ranges,
      srcAddressGroups: texts,
      srcFqdns: texts,
      srcRegionCodes: texts,
      srcThreatIntelligences: texts,
      srcNetworkContext: text.optional(),
      srcNetworkType: text.optional()
    })
    .optional()
})
/** A rule of a firewall policy. */
export type PolicyRuleAnswer = Readonly<z.output<typeof PolicyRuleAnswer>>

const FirewallPolicyAnswer = z.object({
  name: text,
  shortName: text.optional(),
  displayName: text.optional(),
  type: text.optional(),
  priority: z.number().default(0),
  rules: z.array(PolicyRuleAnswer).default([])
})
/** A firewall policy that a network has. */
export type FirewallPolicyAnswer = Readonly<z.output<typeof FirewallPolicyAnswer>>

export const EffectiveFirewallsAnswer = z.object({
  firewalls: z.array(FirewallAnswer).default([]),
  firewallPolicys: z.array(FirewallPolicyAnswer).default([])
})
/** All firewalls that apply to a network. */
export type EffectiveFirewallsAnswer = Readonly<z.output<typeof EffectiveFirewallsAnswer>>

const networks = z.array(z.object({ networkUrl: text })).default([])

export const ManagedZoneAnswer = z.object({
  name: text,
  dnsName: text,
  visibility: text.default('public'),
  privateVisibilityConfig: z.object({ networks }).optional(),
  peeringConfig: z
    .object({ targetNetwork: z.object({ networkUrl: text, deactivateTime: text.default('') }).optional() })
    .optional(),
  forwardingConfig: z
    .object({
      targetNameServers: z
        .array(z.object({ ipv4Address: text.optional(), ipv6Address: text.optional(), domainName: text.optional() }))
        .default([])
    })
    .optional()
})
/** A managed zone of Cloud DNS. */
export type ManagedZoneAnswer = Readonly<z.output<typeof ManagedZoneAnswer>>

export const RecordSetAnswer = z.object({
  name: text,
  type: text,
  rrdatas: texts,
  routingPolicy: z.object({}).optional()
})
/** The records of a name and a type. */
export type RecordSetAnswer = Readonly<z.output<typeof RecordSetAnswer>>

export const ServerPolicyAnswer = z.object({
  name: text,
  networks,
  alternativeNameServerConfig: z
    .object({
      targetNameServers: z.array(z.object({ ipv4Address: text.optional(), ipv6Address: text.optional() })).default([]),
      outboundEndpoints: z.array(z.object({ name: text.optional() })).default([])
    })
    .optional()
})
/** A server policy of Cloud DNS. */
export type ServerPolicyAnswer = Readonly<z.output<typeof ServerPolicyAnswer>>

export const ResponsePolicyAnswer = z.object({ responsePolicyName: text, networks })
export type ResponsePolicyAnswer = Readonly<z.output<typeof ResponsePolicyAnswer>>

export const ResponseRuleAnswer = z.object({
  ruleName: text,
  dnsName: text,
  behavior: text.default(''),
  localData: z.object({ localDatas: z.array(RecordSetAnswer).default([]) }).optional()
})
/** A rule of a response policy. */
export type ResponseRuleAnswer = Readonly<z.output<typeof ResponseRuleAnswer>>

/** An error of Google's APIs: https://cloud.google.com/apis/design/errors */
export const ErrorAnswer = z.object({
  error: z.object({
    message: z.string().default(''),
    status: z.string().default(''),
    errors: z.array(z.object({ reason: z.string().default('') })).default([]),
    details: z.array(z.object({ reason: z.string().default('') })).default([])
  })
})
