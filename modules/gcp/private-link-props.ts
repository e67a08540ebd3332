import type { IResolvable, TerraformProvider } from 'cdktf'
import { z } from 'zod'
import { GcpRegion, NetworkName, Project, ResourceName } from '../../probe/clouds/gcp/identifiers.ts'
import { mustBe } from '../../probe/schema/mistakes.ts'
import { EnvironmentName } from '../../probe/schema/names.ts'
import { read } from '../../probe/schema/read.ts'
import { distinct, distinctTexts } from '../distinct.ts'
import { countOf, type Elements, type ElementsGiven, elementsOf, isEmpty } from '../elements.ts'
import { endpointMistakes, linkEndpointOf } from '../link-endpoint.ts'
import { type Mistake, MistakesError } from '../mistakes.ts'
import type { PrivateZone } from '../private-zone.ts'
import { textMap } from '../text-map.ts'
import { Timeouts } from '../timeouts.ts'
import { isResolvable, isToken, neverToken, numberOrToken, orToken } from '../token.ts'
import { Provider } from '../use-provider.ts'
import { ZillizHosts } from '../zilliz/host.ts'
import { ZillizOfConstruct, type ZillizProps, zillizMistakes } from '../zilliz/zilliz-option.ts'
import { outsideParent } from '../zone.ts'
import { choiceOf } from '../zone-choice.ts'
import { EndpointOfOthersOrTokens, endpointOfOthers } from './endpoint-of-others.ts'
import {
  EndpointPrefix,
  Ipv4Address,
  NetworkPath,
  NetworkTag,
  ServiceAccount,
  ServiceAttachment,
  SubnetworkName
} from './identifiers.ts'
import { GcpLabels } from './labels.ts'
import {
  adoptedRecordsUnseen,
  attachmentMistakes,
  longNames,
  needed,
  networksTwice,
  ofOthers,
  ownFields,
  usualPriority
} from './link.ts'
import type { ZonePeering } from './peering-zones.ts'
import type { HostOfPscEndpoint } from './psc-endpoint.ts'

/** More networks in which a zone answers. */
interface InMoreNetworks {
  /**
   * More networks in which the hosts resolve, by their paths (`projects/<project>/global/networks/<name>`) or, of tokens, their
   * ids. You must connect them to the endpoint.
   *
   * @default - only the link's network
   */
  readonly zoneNetworks?: readonly string[] | undefined
  /**
   * Spoke networks that ask the link's network for the hosts, by DNS peering zones. You must connect them to the endpoint.
   *
   * @default - none
   */
  readonly zonePeerings?: readonly ZonePeering[] | undefined
}

/** Records in a private managed zone that exists already, or that the same stack makes. */
export interface GcpExistingZone {
  /** A zone that exists already. */
  readonly kind: 'existing'
  /** The name of the zone as a resource; of a token also its id. */
  readonly zoneName: string
  /**
   * The project of the zone.
   *
   * @default - the project of the network
   */
  readonly zoneProject?: string | undefined
  /**
   * The provider that writes the records.
   *
   * @default - the provider of the link
   */
  readonly provider?: TerraformProvider | undefined
}

/** One zone for the whole of `vectordb.zillizcloud.com`, one for each host, or a step from the one to the other. */
export interface GcpOwnZone extends InMoreNetworks {
  /** One zone for all names of Zilliz Cloud, one for each host, or a step of the migration between them. */
  readonly kind: 'parent' | 'per-host' | 'prepare-per-host' | 'switch-to-per-host'
}

/**
 * What answers the hosts inside the network. A kind that needs nothing else can be given by its name alone. A construct of a
 * zone, such as `ParentManagedZone`, is shared by several links in one network.
 */
export type GcpZoneChoice =
  | 'parent'
  | 'per-host'
  | 'prepare-per-host'
  | 'switch-to-per-host'
  | 'none'
  | GcpOwnZone
  | GcpExistingZone
  | { readonly kind: 'none' }
  | PrivateZone<HostOfPscEndpoint>

/** VMs whose outbound connections are allowed: by tags or by service accounts, because a firewall rule takes one of the two. */
export type GcpClients =
  | {
      /** Network tags. */
      readonly targetTags: ElementsGiven
    }
  | {
      /** The e-mail addresses of service accounts. */
      readonly targetServiceAccounts: ElementsGiven
    }

/** A Private Service Connect endpoint that others made. Any field may be a token. */
export interface GcpEndpointProps {
  /** The name of the endpoint, which is a forwarding rule in the region of the link. */
  readonly name: string
  /**
   * The project of the endpoint.
   *
   * @default - the project of the link
   */
  readonly project?: string | undefined
  /**
   * The address of the endpoint, if the deploy may not read forwarding rules in its project.
   *
   * @default - read from Google Cloud
   */
  readonly address?: string | undefined
}

/**
 * What a private link on Google Cloud needs. Every id and name may be a token of Terraform: of a resource of the same stack, of
 * remote state, a variable. A literal is validated at synth; a token is passed on.
 */
export interface GcpPrivateLinkProps {
  /** The id of the project that gets the endpoint; "Google Cloud Project ID" in the dialog. */
  readonly project: string
  /**
   * The host project of a Shared VPC: it has the network and the subnet, and gets the firewall rules and zones.
   *
   * @default - `project`
   */
  readonly networkProject?: string | undefined
  /** The subnet's region, as Google Cloud spells it: `us-west1`. */
  readonly region: string
  /** The name of the VPC network whose clients reach the database; of a token also its id or self link. */
  readonly network: string
  /**
   * The name of the subnet that gives the endpoint its address; of a token also its id or self link. With `endpoint`: the subnet in
   * which the VMs of a probe run. Required without `endpoint`.
   *
   * @default - the endpoint is one of others
   */
  readonly subnetwork?: string | undefined
  /**
   * An endpoint that others made. The deploy changes neither it nor the firewall.
   *
   * @default - the deploy makes one
   */
  readonly endpoint?: GcpEndpointProps | undefined
  /**
   * The service attachment that the Add Private Link dialog of Zilliz Cloud names:
   * `projects/<project>/regions/<region>/serviceAttachments/<name>`. Required without `zilliz` or `endpoint`.
   *
   * @default - `zilliz` looks it up
   */
  readonly serviceAttachment?: string | undefined
  /**
   * The private links of the clusters as Zilliz Cloud prints them, `https://host:port`. They must be known at synth.
   *
   * @default - none, for the first deploy, before the endpoint is registered
   */
  readonly hosts?: readonly string[] | undefined
  /**
   * Register the endpoint, and read its service and the hosts, by the API of Zilliz Cloud. `region` must be a literal then.
   *
   * @default - a person does this in the console
   */
  readonly zilliz?: ZillizProps | undefined
  /** What answers the hosts inside the network. Each choice has a drawback, so none is the default. */
  readonly zone: GcpZoneChoice
  /**
   * What the names of all resources of the link begin with; "Private Service Connect Endpoint prefix" in the dialog. Unique in the
   * project and region.
   *
   * @default - the name of the link
   */
  readonly endpointPrefix?: string | undefined
  /**
   * The endpoint's name.
   *
   * @default - `<endpointPrefix>-<region>`
   */
  readonly endpointName?: string | undefined
  /**
   * The IPv4 address of the endpoint.
   *
   * @default - a free address of the subnet
   */
  readonly address?: string | undefined
  /**
   * The name of the address.
   *
   * @default - `<endpointPrefix>-<region>-address`
   */
  readonly addressName?: string | undefined
  /**
   * Allow clients in other regions of the network to connect, if the service allows it.
   *
   * @default false
   */
  readonly globalAccess?: boolean | IResolvable | undefined
  /**
   * The priority of the rule that allows outbound connections, from 0 to 65535. It must be a lower number than the rules that deny
   * them.
   *
   * @default 900
   */
  readonly egressPriority?: number | undefined
  /**
   * Network tags of the VMs whose outbound connections are allowed.
   *
   * @default - every VM of the network
   */
  readonly egressTargetTags?: ElementsGiven | undefined
  /**
   * Service accounts of the VMs whose outbound connections are allowed, instead of `egressTargetTags`.
   *
   * @default - every VM of the network
   */
  readonly egressTargetServiceAccounts?: ElementsGiven | undefined
  /**
   * Network tags of test VMs that may be reached by SSH through Identity-Aware Proxy. The private link does not need it.
   *
   * @default - no such rule
   */
  readonly iapSshTargetTags?: ElementsGiven | undefined
  /**
   * Labels on the endpoint, in addition to those of the provider. The whole map may be a token, such as `Fn.merge([…])`.
   *
   * @default - none
   */
  readonly labels?: Readonly<Record<string, string>> | undefined
  /**
   * How long Terraform waits for the endpoint, such as `{ create: '30m' }`.
   *
   * @default - 20 minutes each
   */
  readonly timeouts?: Timeouts | undefined
  /**
   * Refuse to destroy or replace the endpoint: its connection is what Zilliz Cloud has accepted.
   *
   * @default false
   */
  readonly protect?: boolean | undefined
  /**
   * The environment: the label by which the probe's metrics tell environments apart. Up to 20 lower-case letters, digits and
   * hyphens.
   *
   * @default - the id of the stack
   */
  readonly environment?: string | undefined
  /**
   * The Google provider of all resources and data sources, such as one with an alias.
   *
   * @default - the provider of the stack that has no alias
   */
  readonly provider?: TerraformProvider | undefined
  /**
   * Import resources that were created by hand: `endpoint` (forwarding rule and address, by `endpointName` and `addressName`),
   * `zone`, `records`.
   *
   * @default - create all
   */
  readonly adopt?: readonly ('endpoint' | 'zone' | 'records')[] | undefined
}

const zoneNetworks = neverToken(
  z.array(orToken(NetworkPath)),
  'Give the networks one by one: [first.id, second.id].'
).default([])

const zonePeerings = neverToken(
  distinct(
    z.strictObject({
      project: orToken(Project),
      networks: neverToken(
        distinct(
          orToken(NetworkPath),
          network => network,
          (network, first) =>
            `names ${isToken(network) ? 'the same token' : network} again. Remove it: networks[${first}] has it already.`
        ).min(1, 'must not be empty. Give the paths of networks.'),
        'Give the networks one by one: [first.id, second.id].'
      ),
      provider: Provider.optional()
    }),
    peering => peering.project,
    ({ project }, first) =>
      `names ${isToken(project) ? 'the same token' : project} again. Put the networks into zonePeerings[${first}].`
  ),
  'Give the peerings one by one.'
).default([])

const GcpZoneOfKind = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('parent'), zoneNetworks, zonePeerings }),
  z.strictObject({ kind: z.literal('prepare-per-host'), zoneNetworks, zonePeerings }),
  z.strictObject({ kind: z.literal('switch-to-per-host'), zoneNetworks, zonePeerings }),
  z.strictObject({ kind: z.literal('per-host'), zoneNetworks, zonePeerings }),
  z.strictObject({
    kind: z.literal('existing'),
    zoneName: orToken(ResourceName),
    zoneProject: orToken(Project).optional(),
    provider: Provider.optional()
  }),
  z.strictObject({ kind: z.literal('none') })
])

const MadeGcpZone = z.custom<PrivateZone<HostOfPscEndpoint>>(
  given => typeof given === 'object' && given !== null && 'addHost' in given
)

const range = { error: 'must be a whole number from 0 to 65535. The lower number comes first.' }
const Priority = z.int(range).min(0, range).max(65535, range)

const tags = (list: string) => elementsOf(NetworkTag, list)

const fields = z.strictObject({
  project: orToken(Project),
  networkProject: orToken(Project).optional(),
  region: orToken(GcpRegion),
  network: orToken(NetworkName),
  subnetwork: orToken(SubnetworkName).optional(),
  endpoint: EndpointOfOthersOrTokens.optional(),
  serviceAttachment: orToken(ServiceAttachment).optional(),
  hosts: ZillizHosts,
  zilliz: ZillizOfConstruct.optional(),
  zone: choiceOf(GcpZoneOfKind, MadeGcpZone),
  endpointPrefix: orToken(EndpointPrefix).optional(),
  endpointName: orToken(ResourceName).optional(),
  address: orToken(Ipv4Address).optional(),
  addressName: orToken(ResourceName).optional(),
  globalAccess: z
    .unknown()
    .refine((given): given is boolean | IResolvable => typeof given === 'boolean' || isResolvable(given), {
      error: mustBe('true, false or a token')
    })
    .default(false),
  egressPriority: numberOrToken(Priority).default(usualPriority),
  egressTargetTags: tags('egressTargetTags').optional(),
  egressTargetServiceAccounts: elementsOf(ServiceAccount, 'egressTargetServiceAccounts').optional(),
  iapSshTargetTags: tags('iapSshTargetTags').optional(),
  labels: textMap(GcpLabels.keyType, GcpLabels.valueType).default({}),
  timeouts: Timeouts.optional(),
  protect: z.boolean().default(false),
  environment: neverToken(EnvironmentName, 'Write a name such as prod.').optional(),
  provider: Provider.optional(),
  adopt: distinctTexts(z.enum(['endpoint', 'zone', 'records']), 'adopt').default([])
})

const GcpPrivateLinkOptions = fields.superRefine(
  (props, context) => {
    for (const { path, message } of disagreements(props)) context.addIssue({ code: 'custom', path: [...path], message })
  },
  { when: () => true }
)

/** A private link on Google Cloud as it was read. */
export type GcpPrivateLinkOptions = ReturnType<typeof readGcpPrivateLink>

/**
 * Reads what a private link is given.
 *
 * @param where the construct's path, which every line starts with
 * @param prefix what names begin with where nothing is given
 * @throws MistakesError with one line for each mistake
 */
export function readGcpPrivateLink(where: string, prefix: string, props: GcpPrivateLinkProps) {
  const result = read(GcpPrivateLinkOptions, { ...props, endpointPrefix: props.endpointPrefix ?? prefix }, where)
  if ('mistakes' in result) throw new MistakesError(result.mistakes)
  const {
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
    ...options
  } = result.value
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
    ...options,
    endpointPrefix: options.endpointPrefix ?? prefix,
    subnetwork,
    endpoint: linkEndpointOf({
      endpoint: endpoint && endpointOfOthers(endpoint),
      service,
      zilliz,
      own: own || undefined
    })
  }
}

/** Clients as they were read: of one of the two kinds. */
export interface GcpClientElements {
  readonly targetTags?: Elements | undefined
  readonly targetServiceAccounts?: Elements | undefined
}

const Clients = z
  .strictObject({
    targetTags: elementsOf(NetworkTag, 'targetTags').optional(),
    targetServiceAccounts: elementsOf(ServiceAccount, 'targetServiceAccounts').optional()
  })
  .refine(
    ({ targetTags, targetServiceAccounts }) => (targetTags === undefined) !== (targetServiceAccounts === undefined),
    {
      error: 'must have either targetTags or targetServiceAccounts. Google Cloud accepts only one of them in a rule.'
    }
  )

/**
 * Reads clients that are allowed later.
 *
 * @param where what every line starts with
 * @throws MistakesError with one line for each mistake
 */
export function readGcpClients(where: string, given: GcpClients): GcpClientElements {
  const result = read(z.object({ clients: Clients }), { clients: given }, where)
  if ('mistakes' in result) throw new MistakesError(result.mistakes)
  return result.value.clients
}

/** The limits of a firewall rule, which cannot be raised: https://cloud.google.com/firewall/docs/quotas */
const limits = [
  { list: 'egressTargetTags', most: 70, are: 'target tags' },
  { list: 'iapSshTargetTags', most: 70, are: 'target tags' },
  { list: 'egressTargetServiceAccounts', most: 10, are: 'target service accounts' }
] as const

/** What is wrong between props that are each well formed. A prop that could not be read takes no part. */
function disagreements(props: Partial<z.output<typeof fields>>): readonly Mistake[] {
  const { zilliz, serviceAttachment, hosts, region } = props
  const zoned = props.zone?.kind !== undefined && 'zonePeerings' in props.zone ? props.zone : undefined
  const mistakes: Mistake[] = [
    ...attachmentMistakes(props),
    ...zillizMistakes(zilliz, ['serviceAttachment', serviceAttachment, props.endpoint], hosts),
    ...endpointMistakes(props, [...ownFields, 'protect'], needed(props)),
    ...ofOthers({ endpoint: props.endpoint, egressPriority: props.egressPriority, adopt: props.adopt }),
    ...outsideParent(props.zone?.kind, hosts),
    ...adoptedRecordsUnseen(props),
    ...(zoned === undefined ? [] : networksTwice(props, zoned, ['zone'])),
    ...longNames({ ...props, ...(zoned?.zonePeerings?.length ? { zonePeerings: zoned.zonePeerings } : {}) })
  ]
  for (const { list, most, are } of limits) {
    const given = props[list]
    if (!Array.isArray(given?.elements)) continue
    if (isEmpty(given)) mistakes.push({ path: [list], message: 'must not be empty. Omit the key to allow every VM.' })
    if (countOf(given) > most) {
      mistakes.push({
        path: [list],
        message: `must be at most ${most}, got ${countOf(given)}. Google Cloud accepts no more ${are} in a firewall rule.`
      })
    }
  }
  if (zilliz !== undefined && isToken(region)) {
    mistakes.push({
      path: ['region'],
      message: 'must be known at synth with zilliz, got a token of Terraform. Write the region, such as us-west1.'
    })
  }
  return mistakes
}
