import { confirmed, judgedBy, notKnown, type Ruling, ruledOut } from '../../../causes/cause.ts'
import type { CloudQuestion } from '../../../causes/question.ts'
import type { GcpTarget } from '../target.ts'
import { endpointAddress, isResolvedRight } from './endpoint.ts'
import type { GcpCause, GcpFacts, ProjectZone } from './facts.ts'
import { isUrlOf, type VpcName, vpcPath } from './network.ts'
import {
  alternativeServers,
  answeringZone,
  isVisibleTo,
  misspelled,
  peerOf,
  replyOf,
  replyOfRule,
  responseFor,
  type ZoneReply,
  zonesWith
} from './zone.ts'

const noNetwork = notKnown('the network of the clients is not known')
const resolvedRight = ruledOut("clients get the endpoint's address")

const zonePath = ({ project, name }: ProjectZone) => `projects/${project}/managedZones/${name}`

/** Whether a reply is the endpoint's address and no other. `undefined` if that address is not known. */
function isRight(reply: ZoneReply, facts: GcpFacts, target: GcpTarget): boolean | undefined {
  const address = endpointAddress(facts, target)
  if (address === undefined) return undefined
  return reply.kind === 'addresses' && reply.addresses.every(each => each === address)
}

/** A reply as the end of a clause. */
function replyWords(reply: ZoneReply): string {
  switch (reply.kind) {
    case 'addresses':
      return `answers with ${reply.addresses.join(', ')}`
    case 'alias':
      return `answers with an alias of ${reply.target}`
    case 'no-address':
      return 'answers without an address'
    case 'routed':
      return 'answers by a routing policy'
    case 'delegated':
      return `delegates ${reply.at}`
    case 'none':
      return 'has no record for the host'
  }
}

export const alternativeNameServers: GcpCause = {
  id: 'alternative-name-servers',
  title: 'a server policy sends all queries of the network to other name servers, which do not use private zones',
  explains: [
    'zone-not-visible',
    'record-missing',
    'no-address-record',
    'dangling-cname',
    'dnssec-bogus',
    'forwarding-broken',
    'resolver-fails',
    'resolver-refuses',
    'resolver-errs',
    'resolver-silent',
    'resolves-public',
    'resolves-partly-public',
    'wrong-endpoint',
    'stale-record'
  ],
  readBy: ['dns.policies.list'],
  judge: (facts, question) =>
    judgedBy({ policies: facts.serverPolicies }, ({ policies }) => {
      const { network } = facts
      if (network === undefined) return noNetwork
      const policy = policies.find(
        each =>
          alternativeServers(each).length > 0 && each.networks.some(({ networkUrl }) => isUrlOf(network)(networkUrl))
      )
      if (policy === undefined) return ruledOut(`no server policy of network ${network.name} names other name servers`)
      if (isResolvedRight(facts, question)) return resolvedRight
      return confirmed(
        `server policy ${policy.name} sends all queries of network ${network.name} to ${alternativeServers(policy).join(', ')}`,
        `projects/${policy.project}/policies/${policy.name}`
      )
    })
}

export const responsePolicyRule: GcpCause = {
  id: 'response-policy-rule',
  title: 'a response policy answers for the host in place of the private zone',
  explains: [
    'name-blocked',
    'zone-not-visible',
    'record-missing',
    'no-address-record',
    'dangling-cname',
    'forbidden-address',
    'resolves-public',
    'resolves-partly-public',
    'wrong-endpoint',
    'stale-record'
  ],
  readBy: ['dns.responsePolicies.list', 'dns.responsePolicyRules.list'],
  judge: (facts, { target }) =>
    judgedBy({ rules: facts.responseRules }, ({ rules }) => {
      const rule = responseFor(rules, target.host)
      if (rule === undefined) return ruledOut('no rule of a response policy is for the host')
      const noun = `rule ${rule.ruleName} of response policy ${rule.policy}`
      const reply = replyOfRule(rule)
      if (reply === undefined) return ruledOut(`${noun} does not apply to the host`)
      const right = isRight(reply, facts, target)
      if (right === undefined) return notKnown(`${noun} ${replyWords(reply)}, and the endpoint's address is not known`)
      return right
        ? ruledOut(`${noun} ${replyWords(reply)}, which is the endpoint`)
        : confirmed(
            `${noun} ${replyWords(reply)}`,
            `projects/${rule.project}/responsePolicies/${rule.policy}/rules/${rule.ruleName}`
          )
    })
}

/** The zone that a deploy made for the host, or else the one that answers for it. */
function zoneOfLink(
  zones: readonly ProjectZone[],
  network: VpcName,
  { host, managedZone }: GcpTarget
): ProjectZone | undefined {
  const own = zonesWith(zones, host)
  return own.find(({ name }) => name === managedZone) ?? answeringZone(zones, network, host) ?? own[0]
}

function judgeZones(facts: GcpFacts, judge: (zones: readonly ProjectZone[], network: VpcName) => Ruling): Ruling {
  return judgedBy({ zones: facts.zones }, ({ zones }) =>
    facts.network === undefined ? noNetwork : judge(zones, facts.network)
  )
}

const unresolved = ['zone-not-visible', 'resolves-public', 'resolves-partly-public'] as const

export const zoneMissing: GcpCause = {
  id: 'zone-missing',
  title: 'no private managed zone is for the host',
  explains: unresolved,
  readBy: ['dns.managedZones.list'],
  judge: (facts, { target }) =>
    judgeZones(facts, (zones, network) => {
      const [zone] = zonesWith(zones, target.host)
      if (zone !== undefined) return ruledOut(`managed zone ${zone.name} is for ${zone.dnsName}`)
      const projects = [...new Set([facts.project, network.project])].filter(each => each !== undefined)
      return confirmed(`no private managed zone of project ${projects.join(' or ')} is for the host`, target.host)
    })
}

export const zoneNotVisibleToNetwork: GcpCause = {
  id: 'zone-not-visible-to-network',
  title: 'the managed zone is not visible to the network of the clients',
  explains: [...unresolved, 'record-missing'],
  readBy: ['dns.managedZones.list'],
  judge: (facts, { target }) =>
    judgeZones(facts, (zones, network) => {
      const zone = zoneOfLink(zones, network, target)
      if (zone === undefined) return ruledOut('no managed zone is for the host')
      return isVisibleTo(network)(zone)
        ? ruledOut(`managed zone ${zone.name} is visible to network ${network.name}`)
        : confirmed(
            `managed zone ${zone.name} is not visible to network ${network.name}`,
            zonePath(zone),
            vpcPath(network)
          )
    })
}

/** What the zone that answers for the host replies, in the network or in the one that a peering zone asks. */
function judgeReply(
  facts: GcpFacts,
  { target }: CloudQuestion<GcpTarget>,
  judge: (zone: ProjectZone, reply: ZoneReply) => Ruling
): Ruling {
  return judgeZones(facts, (zones, network) => {
    const first = answeringZone(zones, network, target.host)
    if (first === undefined) return ruledOut('no managed zone answers for the host in the network')
    if (first.forwardingConfig !== undefined) {
      return notKnown(`managed zone ${first.name} forwards the host, and Google Cloud does not have the answer`)
    }
    return judgedBy({ peered: facts.peeredZones, records: facts.records }, ({ peered, records }) => {
      const peer = peerOf(first)
      const zone = peer === undefined ? first : answeringZone(peered, peer, target.host)
      if (zone === undefined) return ruledOut('no managed zone answers for the host in the peered network')
      return judge(zone, replyOf(records, zone.dnsName, target.host))
    })
  })
}

export const zoneOverridden: GcpCause = {
  id: 'zone-overridden',
  title: 'a more specific managed zone answers instead of the one that has the record',
  explains: [
    ...unresolved,
    'record-missing',
    'record-name-malformed',
    'no-address-record',
    'dangling-cname',
    'forbidden-address',
    'wrong-endpoint',
    'stale-record'
  ],
  readBy: ['dns.managedZones.list', 'dns.resourceRecordSets.list'],
  judge: (facts, question) =>
    judgeZones(facts, (zones, network) => {
      const { target } = question
      const own = zoneOfLink(zones, network, target)
      const answering = answeringZone(zones, network, target.host)
      if (answering === undefined || own === undefined) return ruledOut('no managed zone answers for the host')
      if (own === answering) return ruledOut(`managed zone ${own.name} is the most specific one for the host`)
      if (!isVisibleTo(network)(own)) return ruledOut(`managed zone ${own.name} is not visible to the network`)
      return judgeReply(facts, question, (_, reply) =>
        isRight(reply, facts, target)
          ? ruledOut(`managed zone ${answering.name} answers, with the endpoint's address`)
          : confirmed(
              `managed zone ${answering.name} (${answering.dnsName}) answers instead of ${own.name}, and ${replyWords(reply)}`,
              zonePath(answering),
              zonePath(own)
            )
      )
    })
}

export const forwardingZone: GcpCause = {
  id: 'forwarding-zone',
  title: 'a forwarding zone sends queries for the host to other name servers',
  explains: [
    ...unresolved,
    'record-missing',
    'no-address-record',
    'dnssec-bogus',
    'forwarding-broken',
    'resolver-fails',
    'resolver-errs',
    'wrong-endpoint',
    'stale-record'
  ],
  readBy: ['dns.managedZones.list'],
  judge: (facts, question) =>
    judgeZones(facts, (zones, network) => {
      const zone = answeringZone(zones, network, question.target.host)
      if (zone?.forwardingConfig === undefined) return ruledOut('no forwarding zone answers for the host')
      if (isResolvedRight(facts, question)) return resolvedRight
      const servers = zone.forwardingConfig.targetNameServers.map(
        ({ ipv4Address, ipv6Address, domainName }) => ipv4Address ?? ipv6Address ?? domainName ?? ''
      )
      return confirmed(
        `forwarding zone ${zone.name} (${zone.dnsName}) forwards to ${servers.join(', ')}`,
        zonePath(zone)
      )
    })
}

export const peeringZone: GcpCause = {
  id: 'peering-zone',
  title: 'a peering zone queries another network, which has no zone for the host',
  explains: [...unresolved, 'record-missing', 'no-address-record', 'resolver-fails'],
  readBy: ['dns.managedZones.list'],
  judge: (facts, { target }) =>
    judgeZones(facts, (zones, network) => {
      const zone = answeringZone(zones, network, target.host)
      if (zone?.peeringConfig === undefined) return ruledOut('no peering zone answers for the host')
      const peer = peerOf(zone)
      if (peer === undefined) return notKnown(`peering zone ${zone.name} does not name a network`)
      if ((zone.peeringConfig.targetNetwork?.deactivateTime ?? '') !== '') {
        return confirmed(`peering zone ${zone.name} is deactivated`, zonePath(zone), vpcPath(peer))
      }
      return judgedBy({ peered: facts.peeredZones }, ({ peered }) => {
        const answering = answeringZone(peered, peer, target.host)
        return answering === undefined
          ? confirmed(
              `peering zone ${zone.name} queries network ${vpcPath(peer)}, to which no managed zone for the host is visible`,
              zonePath(zone),
              vpcPath(peer)
            )
          : ruledOut(
              `peering zone ${zone.name} queries network ${peer.name}, where managed zone ${answering.name} answers`
            )
      })
    })
}

export const recordAbsent: GcpCause = {
  id: 'record-absent',
  title: 'the managed zone has no record for the host',
  explains: ['record-missing', 'record-name-malformed', 'no-address-record'],
  readBy: ['dns.managedZones.list', 'dns.resourceRecordSets.list'],
  judge: (facts, question) =>
    judgeReply(facts, question, (zone, reply) => {
      if (reply.kind !== 'none') return ruledOut(`managed zone ${zone.name} ${replyWords(reply)}`)
      const records = facts.records.kind === 'answered' ? facts.records.answer : []
      const meant = misspelled(records, question.target.host)
      return confirmed(
        `managed zone ${zone.name} ${replyWords(reply)}${meant === undefined ? '' : `; it has ${meant}, which may be the misspelled record`}`,
        zonePath(zone)
      )
    })
}

export const recordOfOtherType: GcpCause = {
  id: 'record-of-other-type',
  title: "the record of the host is an alias or has no address, but an endpoint's record has type A",
  explains: ['no-address-record', 'dangling-cname', 'cname-without-address', 'alias-loop', 'aliases-not-followed'],
  readBy: ['dns.managedZones.list', 'dns.resourceRecordSets.list'],
  judge: (facts, question) =>
    judgeReply(facts, question, (zone, reply) => {
      switch (reply.kind) {
        case 'alias':
          // An alias that ends at the endpoint works.
          return isResolvedRight(facts, question)
            ? resolvedRight
            : confirmed(`managed zone ${zone.name} ${replyWords(reply)}`, zonePath(zone))
        case 'no-address':
          return confirmed(
            reply.types.length === 0
              ? `managed zone ${zone.name} has records for names below the host, but none for the host`
              : `managed zone ${zone.name} has records of type ${reply.types.join(', ')} for the host, but no address`,
            zonePath(zone)
          )
        default:
          return ruledOut(`managed zone ${zone.name} ${replyWords(reply)}`)
      }
    })
}

export const recordToOtherAddress: GcpCause = {
  id: 'record-to-other-address',
  title: "the address in the record of the host is not the endpoint's",
  explains: [
    'forbidden-address',
    'resolves-public',
    'resolves-partly-public',
    'wrong-endpoint',
    'stale-record',
    'connection-refused',
    'network-unreachable',
    'no-route',
    'not-tls',
    'name-not-served',
    'certificate-for-other-name',
    'misdirected',
    'not-http'
  ],
  readBy: [
    'dns.managedZones.list',
    'dns.resourceRecordSets.list',
    'compute.forwardingRules.get',
    'compute.forwardingRules.list'
  ],
  judge: (facts, question) =>
    judgeReply(facts, question, (zone, reply) => {
      if (reply.kind === 'routed') {
        return notKnown(`a routing policy of managed zone ${zone.name} chooses the address`)
      }
      if (reply.kind !== 'addresses') return ruledOut(`managed zone ${zone.name} ${replyWords(reply)}`)
      const right = isRight(reply, facts, question.target)
      const address = endpointAddress(facts, question.target)
      if (right === undefined || address === undefined) return notKnown('the address of the endpoint is not known')
      return right
        ? ruledOut(`managed zone ${zone.name} ${replyWords(reply)}, which is the endpoint`)
        : confirmed(`managed zone ${zone.name} ${replyWords(reply)}, but the endpoint has ${address}`, zonePath(zone))
    })
}

/** The network's own resolver, over IPv4 and IPv6. */
const ownResolvers: ReadonlySet<string> = new Set(['169.254.169.254', 'fd20:ce::254'])

export const otherResolver: GcpCause = {
  id: 'other-resolver',
  title: "clients use a resolver that is not the network's own and does not forward to it",
  explains: [
    ...unresolved,
    'record-missing',
    'no-address-record',
    'rebind-protection',
    'name-blocked',
    'aliases-not-followed',
    'dnssec-bogus',
    'forwarding-broken',
    'resolver-fails',
    'resolver-refuses',
    'resolver-errs',
    'resolver-silent'
  ],
  readBy: [],
  unconfirmed: 'Google Cloud does not have the configuration of your own resolvers',
  judge: (_, { resolvers }) => {
    const others = resolvers.filter(address => !ownResolvers.has(address))
    return others.length === 0
      ? ruledOut("clients query only the network's own resolver")
      : notKnown(`clients query ${others.join(', ')}, whose configuration Google Cloud does not have`)
  }
}
