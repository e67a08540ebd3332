import { type Asked, after, answered, mapped, notAsked } from '../../../causes/asked.ts'
import type { Calls } from '../../../causes/calls.ts'
import { type CloudQuestion, isOnPremises } from '../../../causes/question.ts'
import { type AwsTarget, idOfEndpoint } from '../target.ts'
import type { AwsAction } from './actions.ts'
import { answeringFor, zonesFor } from './answering.ts'
import { type AwsApi, openApi } from './api.ts'
import type { AwsClients } from './clients.ts'
import type {
  AwsFacts,
  DnsProfile,
  HostedZone,
  NetworkInterface,
  RouteTable,
  SecurityRule,
  Vpc,
  VpcDns,
  VpcEndpoint
} from './facts.ts'
import { awsMaker } from './own-machine.ts'

/**
 * Reads what the causes are judged by: what needs nothing else at once, and the rest as soon as what it needs is there. With every
 * call at 300 ms that is five calls after one another, and three seconds for the turns of Route 53.
 */
export async function readAws(
  clients: AwsClients,
  calls: Calls,
  question: CloudQuestion<AwsTarget>
): Promise<AwsFacts> {
  const { target, resolved, from } = question
  const { region } = target
  const api = openApi(clients, calls, region)

  const endpointId = idOfEndpoint(target)
  const byAddress = api.interfacesAt([...from.addresses, ...resolved])
  const endpoint =
    endpointId === undefined
      ? after(byAddress, async all => {
          const found = all.find(
            each => each.endpointId !== undefined && each.addresses.some(at => resolved.includes(at))
          )
          return found?.endpointId === undefined
            ? notAsked('ec2:DescribeVpcEndpoints', 'the id of the endpoint is not known')
            : api.endpoint(found.endpointId)
        })
      : api.endpoint(endpointId)
  const [caller, seenVpc, seenEndpoint, interfaces] = await Promise.all([
    api.account(),
    target.vpcId === undefined ? vpcOf(endpoint, byAddress, question, api) : api.vpc(target.vpcId),
    endpoint,
    byAddress
  ])
  if (seenVpc.kind === 'answered' && seenVpc.answer === undefined) {
    const whose = caller.kind === 'answered' ? `account ${caller.answer}` : 'the account of the credentials'
    return unread(region, caller, seenVpc, `${whose} has no VPC ${target.vpcId ?? ''} in ${region}`)
  }
  const linkVpc = seenVpc.kind === 'answered' ? seenVpc.answer : undefined
  const vpcId = linkVpc?.id ?? target.vpcId
  const clientInterface = await readClientInterface(api, interfaces, question, vpcId)
  const client = clientInterface.kind === 'answered' ? clientInterface.answer : undefined
  const dnsVpcId = client?.vpcId ?? vpcId
  const [packets, dns] = await Promise.all([
    readPackets(api, seenEndpoint, client),
    dnsVpcId === undefined
      ? unreadDns('the id of the VPC is not known', seenVpc)
      : readDns(api, target, dnsVpcId, dnsVpcId === vpcId ? seenVpc : undefined)
  ])
  return { region, account: caller, vpc: seenVpc, endpoint: seenEndpoint, clientInterface, ...packets, dns }
}

/** Whatever lets packets pass or drops them. */
async function readPackets(
  api: AwsApi,
  endpoint: Asked<VpcEndpoint | undefined>,
  client: NetworkInterface | undefined
): Promise<Pick<AwsFacts, 'endpointInterfaces' | 'rules' | 'prefixLists' | 'networkAcls' | 'routeTables'>> {
  const known = endpoint.kind === 'answered' ? endpoint.answer : undefined
  const rulesAndTables = Promise.all([
    api.rules(distinct([...(known?.groupIds ?? []), ...(client?.groupIds ?? [])])),
    api.routeTables(distinct([known?.vpcId, client?.vpcId].flatMap(id => id ?? [])))
  ])
  const [endpointInterfaces, networkAcls, [rules, routeTables], prefixLists] = await Promise.all([
    endpoint.kind === 'unanswered'
      ? endpoint
      : known === undefined || known.interfaceIds.length === 0
        ? answered([])
        : api.interfaces(known.interfaceIds),
    api.networkAcls(distinct([...(known?.subnetIds ?? []), ...(client === undefined ? [] : [client.subnetId])])),
    rulesAndTables,
    rulesAndTables.then(([rules, tables]) => readPrefixLists(api, rules, tables))
  ])
  return { endpointInterfaces, rules, prefixLists, networkAcls, routeTables }
}

/** The VPC of a link whose VPC is not in the config: that of its endpoint, or else the one that this machine is in. */
async function vpcOf(
  endpoint: Promise<Asked<VpcEndpoint | undefined>>,
  byAddress: Promise<Asked<readonly NetworkInterface[]>>,
  question: CloudQuestion<AwsTarget>,
  api: AwsApi
): Promise<Asked<Vpc | undefined>> {
  const [seen, all] = await Promise.all([endpoint, byAddress])
  const own = all.kind === 'answered' ? ownInterface(all.answer, question, undefined) : undefined
  const id = (seen.kind === 'answered' ? seen.answer?.vpcId : undefined) ?? own?.vpcId
  return id === undefined ? notAsked('ec2:DescribeVpcs', 'the id of the VPC is not known') : api.vpc(id)
}

/** The interface that has an address of this machine, or else the only one that its instance has: that of a container's host. */
async function readClientInterface(
  api: AwsApi,
  byAddress: Asked<readonly NetworkInterface[]>,
  question: CloudQuestion<AwsTarget>,
  vpcId: string | undefined
): Promise<Asked<NetworkInterface | undefined>> {
  const own = mapped(byAddress, all => ownInterface(all, question, vpcId))
  const { machine } = question.from
  const isInstance =
    machine?.cloud === 'aws' && machine.region === question.target.region && machine.id?.startsWith('i-')
  if (own.kind === 'unanswered' || own.answer !== undefined || machine?.id === undefined || !isInstance) return own
  return mapped(await api.interfacesOfInstance(machine.id), all => (all.length === 1 ? all[0] : undefined))
}

/**
 * The interface of this machine. Many networks use the same private ranges, so an interface in a VPC other than the link's counts
 * only if this is a machine of AWS.
 */
function ownInterface(
  all: readonly NetworkInterface[],
  { from: { addresses, machine, hardware } }: CloudQuestion<AwsTarget>,
  vpcId: string | undefined
): NetworkInterface | undefined {
  const own = all.filter(each => each.endpointId === undefined && each.addresses.some(at => addresses.includes(at)))
  if (machine === undefined ? isOnPremises(hardware, [awsMaker]) : machine.cloud !== 'aws') return undefined
  if (machine?.network !== undefined) return own.find(each => each.vpcId === machine.network)
  const inVpc = own.find(each => each.vpcId === vpcId)
  if (inVpc !== undefined) return inVpc
  return own.length === 1 && machine !== undefined ? own[0] : undefined
}

/** @param seen the VPC, if it was asked for before */
async function readDns(
  api: AwsApi,
  target: AwsTarget,
  vpcId: string,
  seen: Asked<Vpc | undefined> | undefined
): Promise<VpcDns> {
  const vpc = seen === undefined ? api.vpc(vpcId) : Promise.resolve(seen)
  const profiles = api.profiles(vpcId)
  const zonesAndRules = Promise.all([readZones(api, vpcId, profiles), api.forwarding(vpcId, profiles)])
  const [itself, support, hostnames, servers, [zones, forwarding], records, firewall] = await Promise.all([
    vpc,
    api.dnsSupport(vpcId),
    api.dnsHostnames(vpcId),
    after(vpc, async known =>
      known === undefined || known.dhcpOptionsId === 'default'
        ? answered(['AmazonProvidedDNS'])
        : api.dhcpServers(known.dhcpOptionsId)
    ),
    zonesAndRules,
    zonesAndRules.then(([zones, rules]) => readRecords(api, target, zones, rules)),
    api.firewall(vpcId, profiles)
  ])
  return { vpc: itself, support, hostnames, servers, zones, records, forwarding, firewall }
}

/** The most zones of Profiles whose names are read: each takes a turn at Route 53. */
const mostProfileZones = 2

/** The zones of a VPC, and those of its Profiles. A Profile names its zones by their ids only. */
async function readZones(
  api: AwsApi,
  vpcId: string,
  ofVpc: Promise<Asked<readonly DnsProfile[]>>
): Promise<VpcDns['zones']> {
  const [own, profiles] = await Promise.all([api.zones(vpcId), ofVpc])
  if (own.kind === 'unanswered') return own
  if (profiles.kind === 'unanswered') return profiles
  const more = profiles.answer
    .flatMap(({ id, zoneIds }) => zoneIds.map(zoneId => ({ id: zoneId, owner: `Route 53 Profile ${id}` })))
    .filter(({ id }) => !own.answer.some(zone => zone.id === id))
  if (more.length > mostProfileZones) {
    return notAsked(
      'route53:GetHostedZone',
      `${more[0]?.owner ?? ''} brings ${more.length} private zones to VPC ${vpcId}, and more than ${mostProfileZones} are not read`
    )
  }
  const all = [...own.answer]
  for (const { id, owner } of more) {
    const name = await api.zoneName(id)
    if (name.kind === 'unanswered') return name
    if (name.answer !== undefined) all.push({ id, name: name.answer, owner })
  }
  return answered(all)
}

/** The records of the zone that answers for the host, and of the link's. */
async function readRecords(
  api: AwsApi,
  { host, hostedZoneId }: AwsTarget,
  zones: Asked<readonly HostedZone[]>,
  forwarding: VpcDns['forwarding']
): Promise<VpcDns['records']> {
  const all = zones.kind === 'answered' ? zones.answer : []
  const answering = answeringFor(host, all, forwarding.kind === 'answered' ? forwarding.answer : [])
  const [first] = zonesFor(host, all)
  const ids = distinct([
    ...(answering.by === 'zone' ? [answering.zone.id] : []),
    ...(first === undefined ? [] : [first.id]),
    ...(hostedZoneId === undefined ? [] : [hostedZoneId])
  ])
  return Object.fromEntries(await Promise.all(ids.map(async id => [id, await api.records(id, host)] as const)))
}

/** The ranges of the prefix lists that rules and routes name, at most 20 lists. */
async function readPrefixLists(
  api: AwsApi,
  rules: Asked<readonly SecurityRule[]>,
  tables: Asked<readonly RouteTable[]>
): Promise<AwsFacts['prefixLists']> {
  const named = distinct([
    ...(rules.kind === 'answered' ? rules.answer.map(({ peer }) => peer) : []).flatMap(peer =>
      peer.kind === 'prefix-list' ? peer.prefixListId : []
    ),
    ...(tables.kind === 'answered' ? tables.answer.flatMap(({ routes }) => routes) : []).flatMap(({ to }) =>
      to.kind === 'prefix-list' ? to.prefixListId : []
    )
  ]).slice(0, 20)
  return Object.fromEntries(await Promise.all(named.map(async id => [id, await api.prefixList(id)] as const)))
}

/** Facts of which nothing was read, because the credentials are not of the account of the link. */
function unread(region: string, account: Asked<string>, vpc: Asked<Vpc | undefined>, why: string): AwsFacts {
  const not = (action: AwsAction) => notAsked(action, why)
  return {
    region,
    account,
    vpc,
    endpoint: not('ec2:DescribeVpcEndpoints'),
    endpointInterfaces: not('ec2:DescribeNetworkInterfaces'),
    clientInterface: not('ec2:DescribeNetworkInterfaces'),
    rules: not('ec2:DescribeSecurityGroupRules'),
    prefixLists: {},
    networkAcls: not('ec2:DescribeNetworkAcls'),
    routeTables: not('ec2:DescribeRouteTables'),
    dns: unreadDns(why, vpc)
  }
}

function unreadDns(why: string, vpc: Asked<Vpc | undefined>): VpcDns {
  const not = (action: AwsAction) => notAsked(action, why)
  return {
    vpc,
    support: not('ec2:DescribeVpcAttribute'),
    hostnames: not('ec2:DescribeVpcAttribute'),
    servers: not('ec2:DescribeDhcpOptions'),
    zones: not('route53:ListHostedZonesByVPC'),
    records: {},
    forwarding: not('route53resolver:ListResolverRules'),
    firewall: not('route53resolver:ListFirewallRuleGroupAssociations')
  }
}

const distinct = (all: readonly string[]) => [...new Set(all)]
