import { z } from 'zod'
import { GcpRegion, NetworkName, Project, ResourceName } from '../../probe/clouds/gcp/identifiers.ts'
import { shown } from '../../probe/schema/mistakes.ts'
import type { Claim } from '../claim.ts'
import { distinct, distinctTexts } from '../distinct.ts'
import { endpointMistakes, linkEndpointOf, noMeaning, sharedRegistration, zillizOfEndpoint } from '../link-endpoint.ts'
import type { Mistake } from '../mistakes.ts'
import { probeClaim, probeMistakes } from '../probe-options.ts'
import { Timeouts } from '../timeouts.ts'
import { type Host, hostsElsewhere, ZillizHosts } from '../zilliz/host.ts'
import { clusterClaims, registrationClaims, ZillizOption, zillizMistakes } from '../zilliz/zilliz-option.ts'
import { outsideParent, Zone, zoneMistakes } from '../zone.ts'
import { EndpointOfOthers, endpointOfOthers } from './endpoint-of-others.ts'
import {
  EndpointPrefix,
  GcpZone,
  Ipv4Address,
  NetworkPath,
  NetworkTag,
  regionOfAttachment,
  ServiceAccount,
  ServiceAttachment,
  SubnetworkName
} from './identifiers.ts'
import { GcpLabels } from './labels.ts'
import { longestName, nameClaim, names, peeringZoneName } from './names.ts'
import { probeNames } from './probe-names.ts'
import { GcpProbeOptions } from './probe-options.ts'
import { answeredNetworks, GcpDnsZone, networkPath, networkProject, zoneClaims } from './zone.ts'

/** The priority of the egress rule where none is given. */
export const usualPriority = 900

const fields = z.strictObject({
  cloud: z.literal('gcp').describe('The cloud that hosts the database.'),
  project: Project.describe('The id of the project that gets the endpoint; "Google Cloud Project ID" in the dialog.'),
  networkProject: Project.optional().describe(
    'The host project of a Shared VPC: it has the network and the subnet, and gets the firewall rules and zones. Default: `project`.'
  ),
  region: GcpRegion.describe("The subnet's region, as Google Cloud spells it: `us-west1`."),
  serviceAttachment: ServiceAttachment.optional().describe(
    'The service attachment that the Add Private Link dialog of Zilliz Cloud names. Required without `zilliz`, which looks it up, or `endpoint`.'
  ),
  network: NetworkName.describe('The VPC network whose clients reach the database; "VPC Name" in the dialog.'),
  subnetwork: SubnetworkName.optional().describe(
    'The subnet that gives the endpoint its address; "Subnet Name" in the dialog. With `endpoint`: the subnet in which the VMs of `probe` run.'
  ),
  endpoint: EndpointOfOthers.optional().describe(
    '[An endpoint that others made](../gcp/README.md#use-an-endpoint-that-others-made). The deploy changes neither it nor the firewall. Default: the deploy makes one.'
  ),
  endpointPrefix: EndpointPrefix.describe(
    'The prefix of the names of all resources of the link; "Private Service Connect Endpoint prefix" in the dialog.'
  ),
  endpointName: ResourceName.optional().describe("The endpoint's name. Default: `<endpointPrefix>-<region>`."),
  address: Ipv4Address.optional().describe('The address of the endpoint. Default: a free address of the subnet.'),
  addressName: ResourceName.optional().describe(
    'The name of the address. Default: `<endpointPrefix>-<region>-address`.'
  ),
  globalAccess: z
    .boolean()
    .default(false)
    .describe('Allow clients in other regions of the network to connect, if the service allows it.'),
  hosts: ZillizHosts,
  zilliz: ZillizOption.optional().describe(
    '[Register the endpoint and read the hosts](../guides/deploy.md) through the API of Zilliz Cloud. Default: the operator does this in the console.'
  ),
  egressPriority: z
    .int()
    .min(0, 'must be from 0 to 65535. The lower number comes first.')
    .max(65535, 'must be from 0 to 65535. The lower number comes first.')
    .default(usualPriority)
    .describe(
      'The priority of the rule that allows outbound connections. It must be a lower number than the rules that deny them.'
    ),
  egressTargetTags: distinctTexts(NetworkTag, 'egressTargetTags')
    .min(1, 'must not be empty. Omit the key to allow every VM.')
    // The limits of a firewall rule cannot be raised: https://cloud.google.com/firewall/docs/quotas
    .max(70, 'must be at most 70. Google Cloud accepts no more target tags in a firewall rule.')
    .optional()
    .describe('Network tags of the VMs whose outbound connections are allowed. Default: every VM of the network.'),
  egressTargetServiceAccounts: distinctTexts(ServiceAccount, 'egressTargetServiceAccounts')
    .min(1, 'must not be empty. Omit the key to allow every VM.')
    .max(10, 'must be at most 10. Google Cloud accepts no more target service accounts in a firewall rule.')
    .optional()
    .describe('Service accounts of the VMs whose outbound connections are allowed, instead of `egressTargetTags`.'),
  iapSshTargetTags: distinctTexts(NetworkTag, 'iapSshTargetTags')
    .min(1, 'must not be empty. Omit the key if no test VM needs SSH.')
    .max(70, 'must be at most 70. Google Cloud accepts no more target tags in a firewall rule.')
    .optional()
    .describe(
      "Network tags of test VMs that may be reached by SSH through Identity-Aware Proxy, the guide's tcp:22 rule. The private link does not need it. Default: no such rule."
    ),
  zone: Zone,
  zoneName: ResourceName.optional().describe("The private managed zone, with `zone: 'existing'`."),
  zoneProject: Project.optional().describe('The project of the existing zone. Default: the project of the network.'),
  zoneNetworks: distinctTexts(NetworkPath, 'zoneNetworks')
    .optional()
    .describe('More networks in which the hosts resolve, by their paths. You must connect them to the endpoint.'),
  zonePeerings: distinct(
    z.strictObject({
      project: Project,
      networks: distinctTexts(NetworkPath, 'networks').min(1, 'must not be empty. Give the paths of networks.')
    }),
    peering => peering.project,
    ({ project }, first) => `names ${project} again. Put the networks into zonePeerings[${first}].`
  )
    .optional()
    .describe(
      "Spoke networks that ask the link's network for the hosts, by a DNS peering zone in the `project`. You must connect them to the endpoint."
    ),
  probe: GcpProbeOptions.optional().describe(
    "Deploy [the probe](#the-probe) into the link's network, where it watches the hosts of all the environment's links there. Default: no probe."
  ),
  labels: GcpLabels.default({}).describe('Labels on the endpoint, in addition to those of the environment.'),
  timeouts: Timeouts.optional().describe('How long Terraform waits for the endpoint. Default: 20 minutes each.'),
  adopt: distinctTexts(z.enum(['endpoint', 'zone', 'records']), 'adopt')
    .default([])
    .describe(
      'Import resources that were created by hand: `endpoint` (forwarding rule and address, by `endpointName` and `addressName`), `zone`, `records`.'
    )
})

/** The options of a link on Google Cloud, as an environment's literal has them. */
export const GcpLinkOptions = fields.superRefine(
  (link, context) => {
    for (const { path, message } of disagreements(link)) context.addIssue({ code: 'custom', path: [...path], message })
  },
  // Also when another field could not be read: every mistake is reported at once.
  { when: () => true }
)

export type GcpLinkOptions = z.output<typeof GcpLinkOptions>

/** A private link on Google Cloud, which has only what its kind of zone and its way of registration need. */
export type GcpLink = ReturnType<typeof readGcpLink>

/** Reads a link of options that agree with each other. */
export function readGcpLink({
  zone: kind,
  zoneName,
  zoneProject,
  zoneNetworks,
  zonePeerings,
  endpoint,
  serviceAttachment: service,
  zilliz,
  subnetwork,
  address,
  endpointName,
  addressName,
  globalAccess,
  egressPriority,
  egressTargetTags,
  egressTargetServiceAccounts,
  iapSshTargetTags,
  labels,
  timeouts,
  ...link
}: GcpLinkOptions) {
  const own = subnetwork && {
    subnetwork,
    address,
    endpointName,
    addressName,
    globalAccess,
    egressPriority,
    egressTargetTags,
    egressTargetServiceAccounts,
    iapSshTargetTags,
    labels,
    timeouts
  }
  return {
    ...link,
    zone: GcpDnsZone.parse({ kind, zoneName, zoneProject, zoneNetworks, zonePeerings }),
    endpoint: linkEndpointOf({
      endpoint: endpoint && { ...endpointOfOthers(endpoint), subnetwork },
      service,
      zilliz,
      own: own || undefined
    })
  }
}

/**
 * The network that a probe of a link judges: it watches every link with the same. An endpoint may be out of reach from other
 * regions of its network, so that a region has a probe of its own.
 */
export function probedNetwork(link: GcpLink): string {
  return `${networkPath(link)} in ${link.region}`
}

/** What a link owns. */
export function gcpClaims(environment: string, link: GcpLink): readonly Claim[] {
  const zilliz = zillizOfEndpoint(link.endpoint)
  const hosts = link.hosts.map(({ name }) => name)
  const clusters = [...link.hosts.map(({ cluster }) => cluster), ...(zilliz?.clusters ?? [])]
  return [
    ...endpointClaims(link),
    ...zoneClaims(environment, link, hosts, clusters),
    ...(link.probe === undefined ? [] : [probeClaim(environment, probedNetwork(link))]),
    ...clusterClaims(zilliz, answeredNetworks(link)),
    ...(link.endpoint.kind === 'managed'
      ? registrationClaims(zilliz, identityOf(link).id, 'Give one of them another endpointName.')
      : registrationClaims(zilliz, link.endpoint.others.name, sharedRegistration))
  ]
}

/** The endpoint that a link makes, with its rules; nothing if others made it. */
function endpointClaims(link: GcpLink): readonly Claim[] {
  if (link.endpoint.kind === 'existing') return []
  const { own } = link.endpoint
  const place = `${link.project}/${link.region}`
  const inNetwork = networkProject(link)
  const { endpoint, address, egressFirewall, iapSshFirewall } = names({ ...link, ...own })
  return [
    nameClaim(`the forwarding rule ${endpoint} in ${place}`),
    nameClaim(`the address named ${address} in ${place}`),
    nameClaim(`the firewall rule ${egressFirewall} in ${inNetwork}`),
    ...(own.iapSshTargetTags === undefined ? [] : [nameClaim(`the firewall rule ${iapSshFirewall} in ${inNetwork}`)]),
    ...(own.address === undefined
      ? []
      : [{ what: `the address ${own.address} in ${networkPath(link)}`, wayOut: 'Give one of them another address.' }])
  ]
}

/** The endpoint of a link as Zilliz Cloud tells it apart from others. */
export function identityOf(link: GcpLink) {
  const { endpoint, project } = link
  return endpoint.kind === 'managed'
    ? { id: names({ ...link, ...endpoint.own }).endpoint, project }
    : { id: endpoint.others.name, project: endpoint.others.project ?? project }
}

/** What a link says of its service attachment and of its clients. */
interface AttachedLink {
  readonly region?: unknown
  readonly serviceAttachment?: unknown
  readonly endpoint?: unknown
  readonly hosts?: readonly Host[]
  readonly egressTargetTags?: unknown
  readonly egressTargetServiceAccounts?: unknown
}

/** What is wrong between a link, its service attachment and its clients. A field that could not be read, or is a token, takes no part. */
export function attachmentMistakes(link: AttachedLink): readonly Mistake[] {
  const mistakes: Mistake[] = []
  const served = regionOfAttachment(link.serviceAttachment)
  const region = GcpRegion.safeParse(link.region).data
  if (served !== undefined && region !== undefined && served !== region) {
    mistakes.push({
      path: ['serviceAttachment'],
      message: `is in ${served}, but the link is in ${region}, got ${shown(link.serviceAttachment)}. A connection does not cross regions, so put the endpoint in a subnet of ${served}, with globalAccess: true for clients elsewhere.`
    })
  }
  const ofHosts = served ?? (link.endpoint === undefined ? undefined : region)
  if (ofHosts !== undefined) mistakes.push(...hostsElsewhere(link.hosts, 'gcp', ofHosts))
  if (link.egressTargetTags !== undefined && link.egressTargetServiceAccounts !== undefined) {
    mistakes.push({
      path: ['egressTargetServiceAccounts'],
      message: 'cannot be used with egressTargetTags. Remove one of them: Google Cloud accepts only one in a rule.'
    })
  }
  return mistakes
}

/** What is wrong between fields that are each well formed. A field that could not be read takes no part. */
function disagreements(link: Partial<z.output<typeof fields>>): readonly Mistake[] {
  return [
    ...attachmentMistakes(link),
    ...zoneMistakes(link, GcpDnsZone.options),
    ...outsideParent(link.zone, link.hosts),
    ...probeMistakes(link.probe, link.hosts),
    ...zillizMistakes(link.zilliz, ['serviceAttachment', link.serviceAttachment, link.endpoint], link.hosts),
    ...endpointMistakes(link, ownFields, needed(link)),
    ...ofOthers(link),
    ...adoptedRecordsUnseen(link),
    ...networksTwice(link, link, []),
    ...zonesElsewhere(link),
    ...longNames(link)
  ]
}

/** The fields that say how a link makes its endpoint, apart from its subnet. */
export const ownFields = [
  'serviceAttachment',
  'address',
  'endpointName',
  'addressName',
  'globalAccess',
  'egressTargetTags',
  'egressTargetServiceAccounts',
  'iapSshTargetTags',
  'labels',
  'timeouts'
]

/** What a link cannot be without that makes its endpoint. */
export function needed({ endpoint }: { readonly endpoint?: unknown }): Readonly<Record<string, string>> {
  return endpoint === undefined ? { subnetwork: 'a string' } : {}
}

/** The mistake's line for a probe without a subnet. */
export const subnetworkMissing = 'is missing. The VMs of the probe run in it.'

/** What is wrong between an endpoint of others and fields whose values alone do not say that they are given. */
export function ofOthers({
  endpoint,
  egressPriority,
  adopt,
  subnetwork,
  probe
}: Readonly<
  Partial<Record<'endpoint' | 'egressPriority' | 'adopt' | 'subnetwork' | 'probe', unknown>>
>): readonly Mistake[] {
  if (endpoint === undefined) return []
  const mistakes: Mistake[] = []
  if (egressPriority !== undefined && egressPriority !== usualPriority) {
    mistakes.push({ path: ['egressPriority'], message: noMeaning })
  }
  const index = Array.isArray(adopt) ? adopt.indexOf('endpoint') : -1
  if (index !== -1) mistakes.push({ path: ['adopt', index], message: noMeaning })
  if (subnetwork === undefined && probe !== undefined) {
    mistakes.push({ path: ['subnetwork'], message: subnetworkMissing })
  }
  if (subnetwork !== undefined && probe === undefined) {
    mistakes.push({
      path: ['subnetwork'],
      message: `has no meaning with endpoint and without probe, got ${shown(subnetwork)}. Remove it.`
    })
  }
  return mistakes
}

/** What names the networks of a link. */
interface NetworksOfLink {
  readonly zoneNetworks?: readonly unknown[] | undefined
  readonly zonePeerings?: readonly { readonly networks?: readonly unknown[] }[] | undefined
}

/**
 * Networks that a link has twice. Cloud DNS accepts one zone of a name in a network.
 *
 * @param own the link's own network
 * @param path where the lists are
 */
export function networksTwice(
  own: { readonly project?: unknown; readonly networkProject?: unknown; readonly network?: unknown },
  { zoneNetworks, zonePeerings }: NetworksOfLink,
  path: readonly string[]
): readonly Mistake[] {
  const itemsOf = (list: unknown, place: readonly (string | number)[]) =>
    (Array.isArray(list) ? list : []).map((network: unknown, index) => ({ network, place, index }))
  const named = [
    ...itemsOf(zoneNetworks, ['zoneNetworks']),
    ...(Array.isArray(zonePeerings) ? zonePeerings : []).flatMap((peering, index) =>
      itemsOf(peering?.networks, ['zonePeerings', index, 'networks'])
    )
  ]
  const ownPath = NetworkPath.safeParse(
    `projects/${own.networkProject ?? own.project}/global/networks/${own.network}`
  ).data
  return named.flatMap(({ network, place, index }, order) => {
    const at = [...path, ...place, index]
    if (network === undefined) return []
    if (network === ownPath || network === own.network) {
      return [{ path: at, message: `is the link's own network, got ${shown(network)}. Remove it here.` }]
    }
    const first = named.slice(0, order).find(other => other.network === network)
    // Each list reports by itself what it has twice.
    if (first === undefined || first.place.join() === place.join()) return []
    const [list, peering] = first.place
    const where = peering === undefined ? list : `${list}[${peering}]`
    return [{ path: at, message: `is in ${where} already, got ${shown(network)}. Remove one.` }]
  })
}

/** Records to import by names that are not known before the deploy. */
export function adoptedRecordsUnseen({
  adopt,
  zilliz
}: {
  readonly adopt?: unknown
  readonly zilliz?: { readonly clusters?: readonly string[] } | undefined
}): readonly Mistake[] {
  const index = Array.isArray(adopt) ? adopt.indexOf('records') : -1
  if (index === -1 || !Array.isArray(zilliz?.clusters) || zilliz.clusters.length === 0) return []
  return [
    {
      path: ['adopt', index],
      message: `takes records over by their hosts, which are not known before the deploy for ${zilliz.clusters.join(', ')}. Write them down in hosts, and take them out of zilliz.clusters.`
    }
  ]
}

/** Zones of the probe that are not in the region of its subnet. */
function zonesElsewhere({ region, probe }: Partial<z.output<typeof fields>>): readonly Mistake[] {
  if (!GcpRegion.safeParse(region).success || !Array.isArray(probe?.zones)) return []
  return probe.zones.flatMap((zone, index) =>
    !GcpZone.safeParse(zone).success || zone.startsWith(`${region}-`)
      ? []
      : [
          {
            path: ['probe', 'zones', index],
            message: `is not in ${region}, where the link's subnet is, got ${shown(zone)}. Give zones of ${region}.`
          }
        ]
  )
}

/** What decides the names of a link's resources, where each could be read. */
interface NamedLink {
  readonly endpointPrefix?: unknown
  readonly region?: unknown
  readonly hosts?: readonly Partial<Host>[]
  readonly zilliz?: { readonly clusters?: readonly string[] } | undefined
  readonly zonePeerings?: unknown
  readonly probe?: { readonly zones?: readonly string[] } | undefined
}

/** An endpoint prefix that makes names which are longer than Google Cloud accepts. */
export function longNames(link: NamedLink): readonly Mistake[] {
  const endpointPrefix = EndpointPrefix.safeParse(link.endpointPrefix).data
  const region = GcpRegion.safeParse(link.region).data
  if (endpointPrefix === undefined || region === undefined) return []
  const { hostZone, ...fixed } = names({ endpointPrefix, region })
  const clusters = [
    ...(Array.isArray(link.hosts) ? link.hosts.flatMap(host => host?.cluster ?? []) : []),
    ...(Array.isArray(link.zilliz?.clusters) ? link.zilliz.clusters.map(String) : [])
  ]
  const zones = Array.isArray(link.probe?.zones) ? link.probe.zones.map(String) : []
  const { tag, scrapeFirewall, egressFirewall, group } = probeNames({ endpointPrefix, region })
  // The VMs of a group have its name with five characters behind it.
  const probes =
    link.probe === undefined ? [] : [tag, scrapeFirewall, egressFirewall, ...zones.map(zone => `${group(zone)}-0000`)]
  const zonesOfHosts = clusters.map(hostZone)
  const peerings = link.zonePeerings === undefined ? [] : zonesOfHosts.map(peeringZoneName)
  const longest = [...Object.values(fixed), ...zonesOfHosts, ...peerings, ...probes].reduce((a, b) =>
    b.length > a.length ? b : a
  )
  if (longest.length <= longestName) return []
  return [
    {
      path: ['endpointPrefix'],
      message: `makes the name ${longest}, ${longest.length - longestName} characters longer than the ${longestName} that Google Cloud takes, got ${shown(endpointPrefix)}. Shorten it.`
    }
  ]
}
