import { lowerName } from '../../../facts/dns-name.ts'
import type { RecordSetAnswer } from './answers.ts'
import type { ProjectResponseRule, ProjectServerPolicy, ProjectZone } from './facts.ts'
import { isUrlOf, readVpcName, type VpcName } from './network.ts'

/** A name as Cloud DNS writes it, as others compare it. */
const plainName = (name: string) => lowerName(name).replace(/\.$/, '')

const hasSuffix = (name: string, suffix: string) => name === suffix || name.endsWith(`.${suffix}`)

/** The private zones that are for a host, the most specific first. Of the root, there is none. */
export function zonesWith(zones: readonly ProjectZone[], host: string): readonly ProjectZone[] {
  return zones
    .filter(({ visibility, dnsName }) => visibility === 'private' && hasSuffix(host, plainName(dnsName)))
    .toSorted((one, other) => other.dnsName.length - one.dnsName.length)
}

export const isVisibleTo = (network: VpcName) => (zone: ProjectZone) =>
  zone.privateVisibilityConfig?.networks.some(({ networkUrl }) => isUrlOf(network)(networkUrl)) ?? false

/** The zone that answers for a host in a network: https://cloud.google.com/dns/docs/vpc-name-res-order */
export function answeringZone(zones: readonly ProjectZone[], network: VpcName, host: string): ProjectZone | undefined {
  return zonesWith(zones, host).find(isVisibleTo(network))
}

/** The network that a peering zone asks. */
export function peerOf({ peeringConfig }: ProjectZone): VpcName | undefined {
  return readVpcName(peeringConfig?.targetNetwork?.networkUrl ?? '')
}

/** What a zone, or a rule in its place, answers for a host. */
export type ZoneReply =
  | { readonly kind: 'addresses'; readonly addresses: readonly string[] }
  | { readonly kind: 'alias'; readonly target: string }
  /** Records of other types only, which are none if only names below the host have some. */
  | { readonly kind: 'no-address'; readonly types: readonly string[] }
  /** A routing policy chooses. */
  | { readonly kind: 'routed' }
  /** Another name server answers. */
  | { readonly kind: 'delegated'; readonly at: string }
  | { readonly kind: 'none' }

/** Looks a host up in the records of a zone (RFC 1034 §4.3.2). */
export function replyOf(records: readonly RecordSetAnswer[], zone: string, host: string): ZoneReply {
  const apex = plainName(zone)
  const all = records.map(each => ({ ...each, name: plainName(each.name) }))
  const cut = all.find(({ name, type }) => type === 'NS' && name !== apex && hasSuffix(host, name))
  if (cut !== undefined) return { kind: 'delegated', at: cut.name }
  const own = all.filter(({ name }) => name === host)
  if (own.length > 0 || all.some(({ name }) => hasSuffix(name, host))) return replyOfRecords(own)
  // The closest name that exists decides which wildcard is meant (RFC 4592).
  let closest = host
  while (closest !== apex && !all.some(({ name }) => hasSuffix(name, closest))) {
    closest = closest.slice(closest.indexOf('.') + 1)
  }
  const wild = all.filter(({ name }) => name === `*.${closest}`)
  return wild.length === 0 ? { kind: 'none' } : replyOfRecords(wild)
}

/** What the records of one name give a client. */
function replyOfRecords(records: readonly RecordSetAnswer[]): ZoneReply {
  const [alias] = records.filter(({ type }) => type === 'CNAME').flatMap(({ rrdatas }) => rrdatas)
  if (alias !== undefined) return { kind: 'alias', target: plainName(alias) }
  const found = records.filter(({ type }) => type === 'A' || type === 'AAAA')
  if (found.some(({ routingPolicy }) => routingPolicy !== undefined)) return { kind: 'routed' }
  const addresses = found.flatMap(({ rrdatas }) => rrdatas)
  if (addresses.length > 0) return { kind: 'addresses', addresses }
  return { kind: 'no-address', types: [...new Set(records.map(({ type }) => type))] }
}

/** The name of a record that may be meant for a host that has none: it begins with the name of the cluster. */
export function misspelled(records: readonly RecordSetAnswer[], host: string): string | undefined {
  const [label = ''] = host.split('.')
  const cluster = label.replace(/-privatelink$/, '')
  return records.map(({ name }) => name).find(name => plainName(name).startsWith(cluster) && plainName(name) !== host)
}

/** The rule of a response policy that is for a host: an exact name before a wildcard, and the longest wildcard. */
export function responseFor(rules: readonly ProjectResponseRule[], host: string): ProjectResponseRule | undefined {
  const isMeant = (name: string) => name === host || (name.startsWith('*.') && host.endsWith(name.slice(1)))
  return rules
    .filter(({ dnsName }) => isMeant(plainName(dnsName)))
    .toSorted(
      (one, other) =>
        Number(other.dnsName.startsWith('*.') === false) - Number(one.dnsName.startsWith('*.') === false) ||
        other.dnsName.length - one.dnsName.length
    )[0]
}

/** What a rule of a response policy answers. `undefined` if it lets the query pass. */
export function replyOfRule({ behavior, localData }: ProjectResponseRule): ZoneReply | undefined {
  if (behavior === 'bypassResponsePolicy') return undefined
  return localData === undefined ? undefined : replyOfRecords(localData.localDatas)
}

/** The name servers that a network sends all queries to in place of its own resolver. */
export function alternativeServers({ alternativeNameServerConfig: config }: ProjectServerPolicy): readonly string[] {
  if (config === undefined) return []
  const { targetNameServers, outboundEndpoints } = config
  return [
    ...targetNameServers.map(({ ipv4Address, ipv6Address }) => ipv4Address ?? ipv6Address),
    ...outboundEndpoints.map(({ name }) => name)
  ].filter(server => server !== undefined)
}
