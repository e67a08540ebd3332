import { zillizDomain } from '../../probe/zilliz/host.ts'
import type { AwsLink } from '../aws/link.ts'
import { isWithParent as awsWithParent, ownVpcs } from '../aws/zone-vpcs.ts'
import type { GcpLink } from '../gcp/link.ts'
import { names, parentZoneName } from '../gcp/names.ts'
import { isWithParent as gcpWithParent, networkPath, networkProject, ownNetworks } from '../gcp/zone-networks.ts'
import { probedNetwork } from '../probed-network.ts'
import { stateOf } from './backend.ts'
import type { Environment } from './environment.ts'

/** Something that has one owner in the world. */
interface Claim {
  /** What it is, told exactly enough to tell it from all others: `the private zone x.example on vpc-1`. */
  readonly what: string
  /** Who shares it, when several may: the links of an environment share a parent zone. */
  readonly sharedBy?: string
  /** How the two owners can part. */
  readonly wayOut: string
}

/** A claim and where it is written: `prod: links.search`. */
interface Owned extends Claim {
  readonly owner: string
}

/**
 * What two environments, or two links of one, would both own. Found before a deploy, because the clouds find it in the
 * middle of one, or not at all: Google Cloud replaces a record of the same name without a word.
 *
 * @returns one line for each conflict, naming both owners and the way out
 */
export function conflicts(environments: readonly Environment[]): readonly string[] {
  const firsts = new Map<string, Owned>()
  return environments.flatMap(claimsOf).flatMap(claim => {
    const first = firsts.get(claim.what)
    if (first === undefined) firsts.set(claim.what, claim)
    if (first === undefined || (first.sharedBy !== undefined && first.sharedBy === claim.sharedBy)) return []
    return [`${claim.owner}: owns ${claim.what}, and so does ${first.owner}; ${claim.wayOut}`]
  })
}

function claimsOf(environment: Environment): readonly Owned[] {
  const { name, backend, links } = environment
  const state = { what: `the state in ${stateOf(name, backend)}`, wayOut: 'give one of them a place of its own' }
  return [
    { ...state, owner: `${name}: backend` },
    ...Object.entries(links).flatMap(([link, value]) => {
      const claims = value.cloud === 'aws' ? awsClaims(name, value) : gcpClaims(name, value)
      return [...claims, ...probeClaims(name, value), ...clusterClaims(value), ...registrationClaims(value)].map(
        claim => ({
          ...claim,
          owner: `${name}: links.${link}`
        })
      )
    })
  ]
}

function probeClaims(environment: string, link: AwsLink | GcpLink): readonly Claim[] {
  if (link.probe === undefined) return []
  return [
    {
      what: `the probe of ${environment} in ${probedNetwork(link)}`,
      wayOut: 'take probe out of one of them, the other watches the hosts of both'
    }
  ]
}

/** The registration with Zilliz Cloud, where its Terraform provider tells endpoints of a project apart by their names alone. */
function registrationClaims(link: AwsLink | GcpLink): readonly Claim[] {
  if (link.cloud === 'aws' || link.zilliz === undefined || link.zilliz.registered) return []
  return [
    {
      what: `the registration of ${names(link).endpoint} with ${link.zilliz.projectId}`,
      wayOut: 'give one of them another endpointName'
    }
  ]
}

/** Records of clusters whose hosts are read at the deploy: where the hosts are not known, the clusters are. */
function clusterClaims(link: AwsLink | GcpLink): readonly Claim[] {
  if (link.zone === 'none' || link.zilliz === undefined) return []
  const networks = link.cloud === 'aws' ? ownVpcs(link).map(({ vpcId }) => vpcId) : ownNetworks(link)
  return link.zilliz.clusters.flatMap(cluster =>
    networks.map(network => ({
      what: `the record of cluster ${cluster} on ${network}`,
      wayOut: 'take the cluster out of one of them'
    }))
  )
}

const oneMakesTheZone = "let one of them make it, and give the other zone: 'existing'"
const oneHasTheRecord = 'take the host out of one of them'

function awsClaims(environment: string, link: AwsLink): readonly Claim[] {
  const hosts = link.hosts.map(({ name }) => name)
  const vpcs = ownVpcs(link).map(({ vpcId }) => vpcId)
  const parents = awsWithParent(link)
    ? vpcs.flatMap(vpc => [
        {
          what: `the private zone ${zillizDomain} on ${vpc}`,
          sharedBy: `${environment} ${link.vpcId}`,
          wayOut: oneMakesTheZone
        },
        ...hosts.map(host => ({ what: `the record ${host} in the parent zone on ${vpc}`, wayOut: oneHasTheRecord }))
      ])
    : []
  const perHost =
    link.zone === 'per-host' || link.zone === 'switch-to-per-host'
      ? vpcs.flatMap(vpc =>
          hosts.map(host => ({ what: `the private zone ${host} on ${vpc}`, wayOut: oneMakesTheZone }))
        )
      : []
  const existing =
    link.zone === 'existing'
      ? hosts.map(host => ({ what: `the record ${host} in the zone ${link.zoneId}`, wayOut: oneHasTheRecord }))
      : []
  const adopted = [link.adoptEndpointId, ...Object.values(link.adoptZoneIds)].flatMap(id =>
    id === undefined ? [] : [{ what: id, wayOut: 'let one of them adopt it' }]
  )
  return [...parents, ...perHost, ...existing, ...adopted]
}

function gcpClaims(environment: string, link: GcpLink): readonly Claim[] {
  const { project, region } = link
  const shared = networkProject(link)
  const { endpoint, address, egressFirewall, iapSshFirewall, hostZone } = names(link)
  const hosts = link.hosts.map(({ name }) => name)
  const networks = ownNetworks(link)
  const otherPrefix = 'give one of them another endpointPrefix'
  const named = (what: string, wayOut = otherPrefix): Claim => ({ what, wayOut })

  const resources = [
    named(`the forwarding rule ${endpoint} in ${project}/${region}`),
    named(`the address named ${address} in ${project}/${region}`),
    named(`the firewall rule ${egressFirewall} in ${shared}`),
    ...(link.iapSshTargetTags === undefined ? [] : [named(`the firewall rule ${iapSshFirewall} in ${shared}`)]),
    ...(link.address === undefined
      ? []
      : [named(`the address ${link.address} in ${networkPath(link)}`, 'give one of them another address')])
  ]
  const parents = gcpWithParent(link)
    ? [
        {
          what: `the managed zone ${parentZoneName} in ${shared}`,
          sharedBy: `${environment} ${networkPath(link)}`,
          wayOut: "choose zone: 'per-host' for one of them, or name the zone there with zone: 'existing'"
        },
        ...networks.flatMap(network => [
          {
            what: `the private zone ${zillizDomain} on ${network}`,
            sharedBy: `${environment} ${networkPath(link)}`,
            wayOut: oneMakesTheZone
          },
          ...hosts.map(host => named(`the record ${host} in the parent zone on ${network}`, oneHasTheRecord))
        ])
      ]
    : []
  const perHost = ['per-host', 'prepare-per-host', 'switch-to-per-host'].includes(link.zone)
    ? [...link.hosts.map(({ cluster }) => cluster), ...(link.zilliz?.clusters ?? [])].map(cluster =>
        named(`the managed zone ${hostZone(cluster)} in ${shared}`)
      )
    : []
  const answering =
    link.zone === 'per-host' || link.zone === 'switch-to-per-host'
      ? networks.flatMap(network => hosts.map(host => named(`the private zone ${host} on ${network}`, oneMakesTheZone)))
      : []
  const existing =
    link.zone === 'existing'
      ? hosts.map(host =>
          named(`the record ${host} in the zone ${link.zoneProject ?? shared}/${link.zoneName}`, oneHasTheRecord)
        )
      : []
  return [...resources, ...parents, ...perHost, ...answering, ...existing]
}
