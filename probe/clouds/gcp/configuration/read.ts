import { type Asked, answered, notAsked } from '../../../causes/asked.ts'
import type { Calls } from '../../../causes/calls.ts'
import type { CloudQuestion } from '../../../causes/question.ts'
import type { GcpTarget } from '../target.ts'
import type { ForwardingRuleAnswer, InstanceAnswer } from './answers.ts'
import type { GcpFacts } from './facts.ts'
import type { GoogleApi } from './google-api.ts'
import { readVpcName, regionOfZone, type VpcName } from './network.ts'
import { isInRange } from './range.ts'
import { allOf, type GcpAction, type GcpReader, gcpReader } from './requests.ts'
import { answeringZone, peerOf } from './zone.ts'

/**
 * Reads what the causes are judged by. Calls that need nothing of one another run side by side: at most four follow one another, and
 * the last only if a peering zone answers for the host.
 */
export async function readFacts(
  google: GoogleApi,
  calls: Calls,
  question: CloudQuestion<GcpTarget>
): Promise<GcpFacts> {
  const reader = gcpReader(google, calls)
  const { target, from } = question
  const machine = from.machine?.cloud === 'gcp' ? from.machine : undefined
  const project = target.project ?? machine?.account
  const [endpoint, instance] = await Promise.all([
    readEndpoint(reader, project, question),
    readInstance(reader, project, question),
    // Of the project of the link, while its network is not known yet.
    ...(project === undefined ? [] : [reader.zones(project), reader.serverPolicies(project)])
  ])

  const linkNetwork = networkOfLink(endpoint, project, target.network)
  const own = placeOf(instance, question)
  const network = own.network ?? linkNetwork
  const hasClients = own.network !== undefined
  const clientRegion = own.region ?? machine?.region
  const region = clientRegion ?? target.region
  const projects = [...new Set([project, network?.project].filter(each => each !== undefined))]
  const about = { reader, network, projects, host: target.host }

  const [vpc, subnets, routes, routers, firewalls, regionalFirewalls, names] = await Promise.all([
    inNetwork('compute.networks.get', network, reader.network),
    inNetwork('compute.subnetworks.list', network, reader.subnetworks),
    inNetwork('compute.routes.list', network, reader.routes),
    inNetwork('compute.routers.list', network, reader.routers),
    inNetwork('compute.networks.getEffectiveFirewalls', network, reader.firewalls),
    inNetwork('compute.networks.getRegionEffectiveFirewalls', network, each => reader.regionalFirewalls(each, region)),
    readNames(about)
  ])
  return {
    project,
    endpoint,
    linkNetwork,
    instance,
    network,
    hasClients,
    clientAddresses: own.addresses,
    clientRegion,
    vpc,
    subnets,
    routes,
    routers,
    firewalls,
    regionalFirewalls,
    ...names
  }
}

async function readEndpoint(
  reader: GcpReader,
  project: string | undefined,
  { target, resolved }: CloudQuestion<GcpTarget>
): Promise<Asked<ForwardingRuleAnswer | undefined>> {
  const { region, forwardingRule, endpointAddress = resolved[0] } = target
  if (project === undefined) return notAsked('compute.forwardingRules.get', noProject)
  if (forwardingRule !== undefined) return reader.forwardingRule(project, region, forwardingRule)
  if (endpointAddress !== undefined) return reader.forwardingRuleAt(project, region, endpointAddress)
  return notAsked('compute.forwardingRules.list', 'neither the name nor the address of the endpoint is known')
}

const noProject = 'the project of the endpoint is not known'

async function readInstance(
  reader: GcpReader,
  project: string | undefined,
  { from: { machine, addresses } }: CloudQuestion<GcpTarget>
): Promise<Asked<InstanceAnswer | undefined>> {
  if (machine !== undefined && machine.cloud !== 'gcp') return answered(undefined)
  const { account, zone, id } = machine ?? {}
  if (account !== undefined && zone !== undefined && id !== undefined) return reader.instance(account, zone, id)
  const [address] = addresses
  if (project === undefined) return notAsked('compute.instances.list', noProject)
  if (address === undefined) return notAsked('compute.instances.list', 'the address of this machine is not known')
  return reader.instanceAt(account ?? project, address)
}

function networkOfLink(
  endpoint: Asked<ForwardingRuleAnswer | undefined>,
  project: string | undefined,
  name: string | undefined
): VpcName | undefined {
  const url = endpoint.kind === 'answered' ? endpoint.answer?.network : undefined
  if (url !== undefined) return readVpcName(url)
  return project === undefined || name === undefined ? undefined : { project, name }
}

interface ClientPlace {
  readonly network: VpcName | undefined
  readonly region: string | undefined
  readonly addresses: readonly string[]
}

/** Where clients are, by their machine. */
function placeOf(
  instance: Asked<InstanceAnswer | undefined>,
  { from: { machine, addresses } }: CloudQuestion<GcpTarget>
): ClientPlace {
  const found = instance.kind === 'answered' ? instance.answer : undefined
  if (found === undefined) {
    const network = machine?.cloud === 'gcp' ? readVpcName(machine.network ?? '') : undefined
    return { network, region: undefined, addresses: network === undefined ? [] : addresses }
  }
  const { networkInterfaces, zone } = found
  const [first] = networkInterfaces
  const matching = networkInterfaces.find(({ networkIP, ipv6Address, aliasIpRanges }) =>
    addresses.some(
      address =>
        address === networkIP ||
        address === ipv6Address ||
        aliasIpRanges.some(({ ipCidrRange }) => isInRange(address, ipCidrRange))
    )
  )
  // Packets of a container leave its host with an address of that.
  const ofHost = [first?.networkIP, first?.ipv6Address].filter(address => address !== undefined)
  return {
    network: readVpcName((matching ?? first)?.network ?? ''),
    region: regionOfZone(zone),
    addresses: matching === undefined ? (networkInterfaces.length === 1 ? ofHost : []) : addresses
  }
}

async function inNetwork<Answer>(
  action: GcpAction,
  network: VpcName | undefined,
  ask: (network: VpcName) => Promise<Asked<Answer>>
): Promise<Asked<Answer>> {
  return network === undefined ? notAsked(action, 'the network of the endpoint is not known') : ask(network)
}

interface NamesAbout {
  readonly reader: GcpReader
  readonly network: VpcName | undefined
  readonly projects: readonly string[]
  readonly host: string
}

type NameFacts = Pick<GcpFacts, 'zones' | 'peeredZones' | 'records' | 'serverPolicies' | 'responseRules'>

/** What the network resolves the host by. */
async function readNames({ reader, network, projects, host }: NamesAbout): Promise<NameFacts> {
  const inProjects = async <Item>(
    action: GcpAction,
    ask: (project: string, network: VpcName) => Promise<Asked<readonly Item[]>>
  ): Promise<Asked<readonly Item[]>> => {
    if (network === undefined) return notAsked(action, 'the network of the endpoint is not known')
    return allOf(await Promise.all(projects.map(project => ask(project, network))))
  }
  const [{ zones, peeredZones, records }, serverPolicies, responseRules] = await Promise.all([
    inProjects('dns.managedZones.list', reader.zones).then(zones => readAnswering(reader, network, host, zones)),
    inProjects('dns.policies.list', reader.serverPolicies),
    inProjects('dns.responsePolicies.list', reader.responseRules)
  ])
  return { zones, peeredZones, records, serverPolicies, responseRules }
}

/** The records of the zone that answers, in this network or in the one that a peering zone asks. */
async function readAnswering(
  reader: GcpReader,
  network: VpcName | undefined,
  host: string,
  zones: NameFacts['zones']
): Promise<Pick<GcpFacts, 'zones' | 'peeredZones' | 'records'>> {
  if (network === undefined || zones.kind === 'unanswered') {
    return { zones, peeredZones: zones, records: zones.kind === 'unanswered' ? zones : answered([]) }
  }
  const zone = answeringZone(zones.answer, network, host)
  if (zone === undefined) return { zones, peeredZones: answered([]), records: answered([]) }
  if (zone.peeringConfig === undefined) {
    return { zones, peeredZones: answered([]), records: await reader.records(zone) }
  }
  const peer = peerOf(zone)
  if (peer === undefined) return { zones, peeredZones: answered([]), records: answered([]) }
  const peeredZones = await reader.zones(peer.project)
  if (peeredZones.kind === 'unanswered') return { zones, peeredZones, records: peeredZones }
  const answering = answeringZone(peeredZones.answer, peer, host)
  const records = answering === undefined ? answered([]) : await reader.records(answering)
  return { zones, peeredZones, records }
}
