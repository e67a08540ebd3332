import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'
import leven from 'leven'
import type { CaseId } from '../../../cases/catalogue.ts'
import { whyUnanswered } from '../../../causes/asked.ts'
import {
  type Cause,
  confirmed,
  judgedBy,
  notKnown,
  type Ruling,
  ruledOut,
  unconfirmable
} from '../../../causes/cause.ts'
import { escapeText } from '../../../facts/escape.ts'
import { isPrivateAddress } from '../../../facts/private-address.ts'
import type { AwsTarget } from '../target.ts'
import { type Answering, answeringFor, zonesFor } from './answering.ts'
import { judgeFirewall } from './dns-firewall.ts'
import type { AwsFacts, HostedZone, Vpc, ZoneRecord } from './facts.ts'
import type { AwsQuestion } from './way.ts'
import { addressTypes, pointingOf, recordsFor } from './zone-record.ts'

/** Cases in which the private zone does not answer. */
const withoutZone = [
  'zone-not-visible',
  'resolves-public',
  'resolves-partly-public',
  'libc-knows-no-such-name'
] as const satisfies readonly CaseId[]

/** Cases in which the resolver does. */
const ofResolver = [
  'resolver-silent',
  'resolver-fails',
  'resolver-refuses',
  'resolver-errs',
  'resolver-port-closed',
  'resolver-unreachable',
  'forwarding-broken',
  'libc-cannot-resolve'
] as const satisfies readonly CaseId[]

/** Cases in which clients arrive somewhere else. */
const elsewhereByRecord = [
  'stale-record',
  'wrong-endpoint',
  'forbidden-address',
  'resolves-public',
  'resolves-partly-public'
] as const satisfies readonly CaseId[]

/** What has another service answer, or none. */
const ofAnotherService = [
  'no-answer-to-syn',
  'connection-refused',
  'no-route',
  'network-unreachable',
  'not-tls',
  'client-certificate-required',
  'name-not-served',
  'tls-version-refused',
  'tls-refused',
  'tls-reset',
  'certificate-untrusted',
  'certificate-for-other-name',
  'misdirected',
  'not-http',
  'grpc-unsupported'
] as const satisfies readonly CaseId[]

/** What AWS has no configuration of. */
const ofNoConfiguration = [
  unconfirmable(
    {
      id: 'resolver-rate-limit',
      title: "this machine exceeds the rate limit of the VPC's resolver",
      explains: ['resolver-silent', 'libc-cannot-resolve']
    },
    'AWS does not record which packets its resolver drops'
  ),
  unconfirmable(
    {
      id: 'rebind-protection',
      title: 'the record is good, but the resolver has rebind protection',
      explains: ['no-address-record', 'rebind-protection']
    },
    "the VPC's own resolver has no rebind protection, and AWS does not have the configuration of other resolvers"
  )
] as const

/** The zones that a VPC is associated with, by itself and by a Profile. */
const zonesReadBy = [
  'route53:ListHostedZonesByVPC',
  'route53:GetHostedZone',
  'route53profiles:ListProfileAssociations',
  'route53profiles:ListProfileResourceAssociations'
] as const
/** The records of the host in these: what {@link inZone} needs. */
const recordsReadBy = [...zonesReadBy, 'route53:ListResourceRecordSets'] as const
/** The endpoint that they should point to: what {@link pointing} needs. */
const pointingReadBy = [...recordsReadBy, 'ec2:DescribeVpcEndpoints', 'ec2:DescribeNetworkInterfaces'] as const

/** What answers the host otherwise than the private zone of the link does. */
export const dnsCauses = [
  {
    id: 'dns-support-disabled',
    title: 'DNS support is disabled on the VPC',
    explains: [...withoutZone, ...ofResolver],
    readBy: ['ec2:DescribeVpcAttribute'],
    judge: ({ dns: { support, vpc } }) =>
      judgedBy({ support }, answers =>
        answers.support
          ? ruledOut(`DNS support is enabled on VPC ${idOf(vpc)}`)
          : confirmed(`DNS support (enableDnsSupport) is disabled on VPC ${idOf(vpc)}`, idOf(vpc))
      )
  },
  {
    id: 'dns-hostnames-disabled',
    title: 'DNS hostnames are disabled on the VPC',
    explains: withoutZone,
    readBy: ['ec2:DescribeVpcAttribute'],
    judge: ({ dns: { hostnames, vpc } }) =>
      judgedBy({ hostnames }, answers =>
        answers.hostnames
          ? ruledOut(`DNS hostnames are enabled on VPC ${idOf(vpc)}`)
          : confirmed(
              `DNS hostnames (enableDnsHostnames) are disabled on VPC ${idOf(vpc)}: private zones need them`,
              idOf(vpc)
            )
      )
  },
  {
    id: 'dns-firewall-rule',
    title: 'Route 53 Resolver DNS Firewall blocks the name',
    explains: [
      'name-blocked',
      'no-address-record',
      'cname-without-address',
      'dangling-cname',
      'record-missing',
      'forbidden-address',
      ...withoutZone,
      'resolver-silent',
      'resolver-fails',
      'resolver-refuses',
      'forwarding-broken'
    ],
    readBy: [
      'route53resolver:ListFirewallRuleGroupAssociations',
      'route53resolver:ListFirewallRules',
      'route53resolver:ListFirewallDomains',
      'route53profiles:ListProfileAssociations',
      'route53profiles:ListProfileResourceAssociations'
    ],
    judge: ({ dns: { firewall, vpc }, endpoint }, { target }) =>
      judgedBy({ firewall }, answers => {
        const alias = regionalName(endpoint, target)
        const verdict = judgeFirewall(answers.firewall, [target.host, ...(alias === undefined ? [] : [alias])])
        switch (verdict.kind) {
          case 'passes':
            return ruledOut(
              verdict.by === undefined
                ? `no rule of DNS Firewall on VPC ${idOf(vpc)} blocks the name`
                : `rule ${verdict.by.name} of DNS Firewall rule group ${verdict.by.groupId} allows the name`
            )
          case 'blocked':
            return confirmed(
              `rule ${verdict.by.name} of DNS Firewall rule group ${verdict.by.groupId} blocks ${escapeText(verdict.name)} with ${verdict.by.response ?? 'its own response'}`,
              verdict.by.groupId,
              verdict.by.associationId
            )
          case 'unknown': {
            const { domains, name, groupId } = verdict.depends
            const why = domains.kind === 'unanswered' ? whyUnanswered(domains) : 'it was not read'
            return notKnown(`rule ${name} of DNS Firewall rule group ${groupId} decides, and ${why}`)
          }
        }
      })
  },
  {
    id: 'resolver-rule-forwards',
    title: 'a Resolver rule forwards the name to other servers',
    explains: [
      ...withoutZone,
      ...elsewhereByRecord,
      ...ofResolver,
      'record-missing',
      'no-address-record',
      'rebind-protection',
      'dnssec-bogus',
      'name-blocked'
    ],
    readBy: [...zonesReadBy, 'route53resolver:ListResolverRules', 'route53resolver:ListResolverRuleAssociations'],
    judge: ({ dns: { zones, forwarding, vpc } }, { target: { host } }) =>
      judgedBy({ zones, forwarding }, answers => {
        const by = answeringFor(host, answers.zones, answers.forwarding)
        if (by.by !== 'rule') return ruledOut(whatAnswers(by, vpc))
        const { rule, hidden } = by
        return confirmed(
          `Resolver rule ${rule.id} forwards ${forwarded(rule.domain)} to ${rule.targets.join(', ')}${hidden === undefined ? '' : `, and takes precedence over private zone ${zoneName(hidden)}`}`,
          rule.id,
          idOf(vpc)
        )
      })
  },
  {
    id: 'zone-not-associated',
    title: 'the private zone is missing, or not associated with the VPC',
    explains: [...withoutZone, 'stale-record', 'wrong-endpoint', 'record-missing'],
    readBy: recordsReadBy,
    judge: ({ dns: { zones, records, vpc }, endpointInterfaces }, { target: { host, hostedZoneId }, resolved }) =>
      judgedBy({ zones }, answers => {
        const candidates = zonesFor(host, answers.zones)
        const zone = hostedZoneId === undefined ? candidates[0] : candidates.find(({ id }) => id === hostedZoneId)
        if (zone !== undefined) return ruledOut(`private zone ${zoneName(zone)} is associated with VPC ${idOf(vpc)}`)
        const addresses =
          endpointInterfaces.kind === 'answered' ? endpointInterfaces.answer.flatMap(each => each.addresses) : []
        if (resolved.some(address => addresses.includes(address))) {
          return notKnown(
            'the host resolves to the endpoint on this machine, through a zone that is not read, such as one of a Route 53 Profile'
          )
        }
        if (hostedZoneId === undefined) {
          return confirmed(
            `VPC ${idOf(vpc)} is associated with no private zone for ${host}`,
            '<hosted-zone-id>',
            idOf(vpc)
          )
        }
        const other = answers.zones.find(({ id }) => id === hostedZoneId)
        if (other !== undefined)
          return confirmed(`private zone ${zoneName(other)} is not for ${host}`, other.id, idOf(vpc))
        const own = records[hostedZoneId]
        return own?.kind === 'answered' && own.answer === undefined
          ? confirmed(`private zone ${hostedZoneId} does not exist`, hostedZoneId, idOf(vpc))
          : confirmed(`private zone ${hostedZoneId} is not associated with VPC ${idOf(vpc)}`, hostedZoneId, idOf(vpc))
      })
  },
  {
    id: 'zone-overridden',
    title: 'a more specific private zone answers instead of the zone of the link',
    explains: [
      'record-missing',
      'no-address-record',
      'record-name-malformed',
      'dangling-cname',
      'cname-without-address',
      'alias-loop',
      'endpoint-gone',
      ...elsewhereByRecord,
      ...ofAnotherService
    ],
    readBy: zonesReadBy,
    judge: ({ dns: { zones } }, { target: { host, hostedZoneId } }) =>
      judgedBy({ zones }, answers => {
        const [first] = zonesFor(host, answers.zones)
        if (first === undefined) return ruledOut(`no private zone is for ${host}`)
        if (hostedZoneId === undefined) return notKnown('the id of the private zone of the link is not known')
        return first.id === hostedZoneId
          ? ruledOut(`private zone ${zoneName(first)} is the most specific one for the host`)
          : confirmed(
              `private zone ${zoneName(first)}${first.owner === '' ? '' : ` of ${first.owner}`} answers for ${host} instead of zone ${hostedZoneId} of the link`,
              first.id
            )
      })
  },
  {
    id: 'no-record',
    title: 'the private zone has no record for the host',
    explains: ['record-missing', 'record-name-malformed', 'no-address-record', ...withoutZone],
    readBy: recordsReadBy,
    judge: (facts, question) =>
      inZone(facts, question, (own, zone, all) => {
        const { host } = question.target
        if (own.length > 0) return ruledOut(`private zone ${zone} has ${typesOf(own)} for the host`)
        const similar = all.find(({ name, type }) => addressTypes.includes(type) && leven(name, host) <= 3)
        return confirmed(
          `private zone ${zone} has no record for ${host}${similar === undefined ? '' : `, but one for ${escapeText(similar.name)}`}`,
          zone
        )
      })
  },
  {
    id: 'record-of-other-type',
    title: 'the record of the host is of a type that has no address',
    explains: ['no-address-record'],
    readBy: recordsReadBy,
    judge: (facts, question) =>
      inZone(facts, question, (own, zone) => {
        if (own.length === 0) return ruledOut('there is no record')
        return own.some(({ type }) => addressTypes.includes(type))
          ? ruledOut(`private zone ${zone} has ${typesOf(own)} for the host`)
          : confirmed(`private zone ${zone} has only ${typesOf(own)} for ${question.target.host}`, zone)
      })
  },
  {
    id: 'record-to-another-endpoint',
    title: 'the record of the host does not point to the endpoint',
    explains: [
      'dangling-cname',
      'endpoint-gone',
      'alias-loop',
      'cname-without-address',
      ...elsewhereByRecord,
      ...ofAnotherService
    ],
    readBy: pointingReadBy,
    judge: (facts, question) =>
      pointing(facts, question, (points, record, zone) =>
        points.to === 'other'
          ? confirmed(
              `the ${record.type} record of ${question.target.host} in private zone ${zone} points to ${points.values.map(value => escapeText(value)).join(', ')} instead of the endpoint`,
              zone
            )
          : ruledOut(`the ${record.type} record of the host points to the endpoint`)
      )
  },
  {
    id: 'record-to-one-zone',
    title: 'the record of the host points to the endpoint in one availability zone only',
    // It works until that zone fails.
    explains: [],
    readBy: pointingReadBy,
    judge: (facts, question) =>
      pointing(facts, question, (points, record, zone) =>
        points.to === 'one-zone'
          ? confirmed(
              `the ${record.type} record of ${question.target.host} in private zone ${zone} points to ${escapeText(points.name)}, which has an address in one availability zone only`,
              zone
            )
          : ruledOut('the record of the host does not point to the name of one availability zone')
      )
  },
  {
    id: 'endpoint-name-overridden',
    title: "a private zone or a Resolver rule answers for the endpoint's own name",
    explains: [
      'dangling-cname',
      'endpoint-gone',
      'cname-without-address',
      'forwarding-broken',
      'resolver-fails',
      'rebind-protection',
      ...elsewhereByRecord
    ],
    readBy: [
      ...zonesReadBy,
      'route53resolver:ListResolverRules',
      'route53resolver:ListResolverRuleAssociations',
      'ec2:DescribeVpcEndpoints'
    ],
    judge: ({ dns: { zones, forwarding, vpc }, endpoint }, { target, case: seen }) =>
      judgedBy({ zones, forwarding }, answers => {
        const name = regionalName(endpoint, target)
        if (name === undefined) return notKnown("the endpoint's name is not known")
        const by = answeringFor(name, answers.zones, answers.forwarding)
        if (by.by === 'public-dns') return ruledOut(`public DNS answers for ${name}`)
        if (by.by === 'zone') {
          return confirmed(`private zone ${zoneName(by.zone)} answers for ${name} instead of AWS`, by.zone.id)
        }
        // Where every name goes to other servers, these find the endpoint's in the public DNS.
        if (by.rule.domain === '' && seen === 'healthy')
          return ruledOut(`Resolver rule ${by.rule.id} forwards every name`)
        return confirmed(
          `Resolver rule ${by.rule.id} forwards ${forwarded(by.rule.domain)}, including the endpoint's own name, to ${by.rule.targets.join(', ')}`,
          by.rule.id,
          idOf(vpc)
        )
      })
  },
  {
    id: 'dhcp-names-other-servers',
    title: "the DHCP options of the VPC name DNS servers other than the VPC's own",
    explains: [...withoutZone, ...ofResolver, 'rebind-protection', 'dnssec-bogus', 'dns-tcp-blocked', 'name-blocked'],
    readBy: ['ec2:DescribeDhcpOptions', 'ec2:DescribeVpcs'],
    judge: ({ dns: { servers, vpc } }, { resolvers, case: seen }) =>
      judgedBy({ servers, vpc }, answers => {
        const known = answers.vpc
        if (known === undefined) return notKnown('the VPC was not found')
        const others = answers.servers.filter(server => !isOwnResolver(server, known))
        const options = `DHCP options ${known.dhcpOptionsId} of VPC ${known.id}`
        if (answers.servers.length === 0) {
          return confirmed(`${options} name no DNS server`, known.dhcpOptionsId, known.id)
        }
        if (others.length === 0) return ruledOut(`${options} name the VPC's own resolver`)
        if (seen === 'healthy') return ruledOut(`${options} name ${others.join(', ')}, which resolve the host`)
        if (others.some(server => resolvers.includes(server))) {
          return confirmed(
            `${options} name ${others.join(', ')} instead of the VPC's own resolver, so its private zones answer only if those servers forward to it`,
            known.dhcpOptionsId,
            known.id
          )
        }
        // A resolver on the machine, or that of a Kubernetes cluster, forwards to the servers that its host has from DHCP.
        return resolvers.length > 0 && resolvers.every(resolver => isOwnResolver(resolver, known))
          ? ruledOut(`${options} name ${others.join(', ')}, but this machine queries the VPC's own resolver`)
          : notKnown(
              `${options} name ${others.join(', ')}, and the resolver that this machine queries may forward to these`
            )
      })
  },
  {
    id: 'resolver-outside-vpc',
    title: "this machine queries a resolver that is not the VPC's own",
    explains: [
      ...withoutZone,
      ...ofResolver,
      'rebind-protection',
      'dnssec-bogus',
      'aliases-not-followed',
      'name-blocked'
    ],
    readBy: ['ec2:DescribeVpcs'],
    judge: ({ dns: { vpc } }, { resolvers, case: seen }) =>
      judgedBy({ vpc }, answers => {
        const known = answers.vpc
        if (known === undefined) return notKnown('the VPC was not found')
        const others = resolvers.filter(resolver => !isOwnResolver(resolver, known))
        if (others.length === 0) return ruledOut(`this machine queries the resolver of VPC ${known.id}`)
        const visible = others.find(
          resolver => isIP(resolver) !== 0 && !isPrivateAddress(resolver) && !isLocal(resolver)
        )
        if (visible !== undefined && seen !== 'healthy') {
          return confirmed(`this machine queries ${visible}, a public resolver, which has no private zone`, visible)
        }
        return notKnown(`this machine queries ${others.join(', ')}, and AWS does not know where those forward the name`)
      })
  },
  ...ofNoConfiguration
] as const satisfies readonly Cause<string, AwsFacts, AwsTarget>[]

const idOf = (vpc: AwsFacts['vpc']) => (vpc.kind === 'answered' ? vpc.answer?.id : undefined) ?? 'of the link'

const zoneName = ({ id, name }: HostedZone) => `${id} (${escapeText(name)})`

const forwarded = (domain: string) => (domain === '' ? 'every name' : escapeText(domain))

const typesOf = (records: readonly ZoneRecord[]) =>
  records.length === 1
    ? `a record of type ${records[0]?.type}`
    : `records of types ${[...new Set(records.map(({ type }) => type))].join(', ')}`

function whatAnswers(by: Exclude<Answering, { by: 'rule' }>, vpc: AwsFacts['vpc']): string {
  return by.by === 'zone'
    ? `private zone ${zoneName(by.zone)} takes precedence over every Resolver rule for the host`
    : `VPC ${idOf(vpc)} is associated with no Resolver rule that forwards the host`
}

/** The regional name of the endpoint. */
function regionalName(endpoint: AwsFacts['endpoint'], { endpointDnsName }: AwsTarget): string | undefined {
  return (endpoint.kind === 'answered' ? endpoint.answer?.names[0] : undefined) ?? endpointDnsName
}

/** Judges the records of the host in the zone that answers for it, or else in that of the link. */
function inZone(
  { dns: { zones, records } }: AwsFacts,
  { target: { host, hostedZoneId } }: AwsQuestion,
  judge: (own: readonly ZoneRecord[], zone: string, all: readonly ZoneRecord[]) => Ruling
): Ruling {
  return judgedBy({ zones }, answers => {
    const [first] = zonesFor(host, answers.zones)
    const id = first?.id ?? hostedZoneId
    const seen = id === undefined ? undefined : records[id]
    if (id === undefined || seen === undefined) return notKnown(`no private zone for ${host} was found`)
    return judgedBy({ seen }, ({ seen: all }) =>
      all === undefined
        ? notKnown(`private zone ${id} does not exist`)
        : judge(recordsFor(host, first?.name ?? '', all), id, all)
    )
  })
}

/** Judges where the records of the host point, the worst first. */
function pointing(
  facts: AwsFacts,
  question: AwsQuestion,
  judge: (points: NonNullable<ReturnType<typeof pointingOf>>, record: ZoneRecord, zone: string) => Ruling
): Ruling {
  const { endpoint, endpointInterfaces } = facts
  return inZone(facts, question, (own, zone) => {
    const addressed = own.filter(({ type }) => addressTypes.includes(type))
    if (addressed.length === 0) return ruledOut('the host has no record')
    const known = endpoint.kind === 'answered' ? endpoint.answer?.names : undefined
    const names = known ?? (question.target.endpointDnsName === undefined ? [] : [question.target.endpointDnsName])
    if (names.length === 0) return notKnown("the endpoint's name is not known")
    const addresses =
      endpointInterfaces.kind === 'answered' && endpointInterfaces.answer.length > 0
        ? endpointInterfaces.answer.flatMap(each => each.addresses)
        : undefined
    const rulings = addressed.map(record => {
      const points = pointingOf(record, names, addresses)
      return points === undefined ? notKnown("the endpoint's addresses are not known") : judge(points, record, zone)
    })
    const [first = notKnown('there is no record')] = rulings
    return rulings.find(({ ruling }) => ruling === 'confirmed') ?? first
  })
}

/** Whether an address is that of the VPC's own resolver: its first range plus two, or the same in every VPC. */
function isOwnResolver(server: string, { ranges: [first] }: Vpc): boolean {
  if (server === 'AmazonProvidedDNS' || server === '169.254.169.253' || server === 'fd00:ec2::253') return true
  if (first === undefined || first.includes(':') || !ipaddr.IPv4.isValid(server)) return false
  const base = ipaddr.IPv4.networkAddressFromCIDR(first).toByteArray()
  const [a = 0, b = 0, c = 0, d = 0] = base
  return server === `${a}.${b}.${c}.${d + 2}`
}

/** Loopback and link-local: a resolver on the machine itself. */
const isLocal = (address: string) => /^(?:127\.|169\.254\.|::1$|fe80:)/i.test(address)
