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
import type { AwsTarget } from '../target.ts'
import type {
  AwsFacts,
  NetworkAcl,
  NetworkInterface,
  PortRange,
  RouteTable,
  SecurityRule,
  VpcEndpoint
} from './facts.ts'
import { type AclTraffic, judgeAcl } from './network-acl.ts'
import { judgeRoute, tableOf } from './route.ts'
import { type GroupTraffic, judgeGroups } from './security-group.ts'
import { type AwsQuestion, type ClientSide, type EndpointWay, sourceAddresses, waysTo } from './way.ts'

/** The ports that Linux takes for the answers to its connections, by default (ip(7), `ip_local_port_range`). */
const portsOfLinux: PortRange = { from: 32_768, to: 60_999 }

/** The ports that clients of any kind take. */
const portsOfClients: PortRange = { from: 1024, to: 65_535 }

/** What AWS has no configuration of. */
const ofNoConfiguration = [
  unconfirmable(
    {
      id: 'port-not-allocated',
      title: 'Zilliz Cloud allocated another port to this host',
      explains: ['no-answer-to-syn', 'connection-refused', 'not-tls', 'not-http']
    },
    'AWS does not know the port, only Zilliz Cloud does'
  ),
  unconfirmable(
    {
      id: 'dropped-on-the-way',
      title:
        'something else on the path, such as AWS Network Firewall, a transit gateway or a network policy, drops or rejects the connection',
      explains: ['no-answer-to-syn', 'no-route', 'connection-refused']
    },
    'the components between the subnets are not read; Reachability Analyzer traces a packet through them'
  ),
  unconfirmable(
    {
      id: 'filtered-by-name',
      title: 'AWS Network Firewall or a proxy filters by the name in TLS',
      explains: ['tls-reset']
    },
    'the rules of firewalls and proxies are not read'
  ),
  unconfirmable(
    {
      id: 'no-healthy-target-in-zone',
      title: "the service has no healthy target in the client's availability zone",
      explains: ['tls-reset', 'connection-refused']
    },
    'the targets are in the account of Zilliz Cloud, which only its support can read'
  ),
  unconfirmable(
    {
      id: 'smaller-mtu-on-the-way',
      title: 'a VPN, a transit gateway or an overlay has a smaller MTU and drops large packets without a message',
      explains: ['tls-silent']
    },
    'AWS does not record such dropped packets'
  ),
  unconfirmable(
    {
      id: 'held-by-service',
      title: 'a proxy or the service accepts the connection but does not answer',
      explains: ['tls-silent', 'application-silent']
    },
    'the service is in the account of Zilliz Cloud, which only its support can read'
  )
] as const

/** What drops packets on the way. */
export const packetCauses = [
  {
    id: 'security-group-detached',
    title: "the link's security group is not attached to the endpoint",
    explains: ['no-answer-to-syn'],
    readBy: ['ec2:DescribeVpcEndpoints'],
    judge: (facts, question) =>
      judgedBy({ endpoint: facts.endpoint }, ({ endpoint }) => {
        const { securityGroupId } = question.target
        if (securityGroupId === undefined) return notKnown('the security group of the link is not known')
        if (endpoint === undefined) return ruledOut('there is no such endpoint')
        const { id, groupIds } = endpoint
        if (groupIds.includes(securityGroupId)) {
          return ruledOut(`endpoint ${id} has security group ${securityGroupId} attached`)
        }
        const attached = `endpoint ${id} has ${groupIds.join(', ') || 'no security group'} attached`
        const others = inbound(facts, question)
        // Another group may allow the clients by accident. Then it is no reason for a case, but still to be mended.
        return question.case !== 'healthy' && others.ruling === 'ruled-out'
          ? ruledOut(`${attached}, and ${others.text}`)
          : confirmed(`${attached}, but not security group ${securityGroupId} of the link`, id, securityGroupId)
      })
  },
  {
    id: 'endpoint-eni-sg-rules-mismatch',
    code: 'ENI_SG_RULES_MISMATCH',
    title: "the endpoint's security groups do not allow inbound traffic from the clients",
    explains: ['no-answer-to-syn'],
    readBy: [
      'ec2:DescribeVpcEndpoints',
      'ec2:DescribeNetworkInterfaces',
      'ec2:DescribeSecurityGroupRules',
      'ec2:GetManagedPrefixListEntries'
    ],
    judge: inbound
  },
  {
    id: 'client-eni-sg-rules-mismatch',
    code: 'ENI_SG_RULES_MISMATCH',
    title: "the clients' security groups do not allow outbound traffic to the endpoint",
    explains: ['no-answer-to-syn'],
    readBy: [
      'ec2:DescribeVpcEndpoints',
      'ec2:DescribeNetworkInterfaces',
      'ec2:DescribeSecurityGroupRules',
      'ec2:GetManagedPrefixListEntries'
    ],
    judge: (facts, question) =>
      alongWays(facts, question, ({ ways, endpoint, client, rules }) =>
        client === undefined
          ? notKnown(whyWithoutInterface(facts, question))
          : acrossGroups(
              facts,
              rules,
              ways.map(({ to }) => ({
                direction: 'outbound',
                groupIds: client.groupIds,
                port: question.target.port,
                peer: { address: to, groupIds: endpoint.groupIds }
              }))
            )
      )
  },
  {
    id: 'subnet-acl-restriction',
    code: 'SUBNET_ACL_RESTRICTION',
    title: 'a network ACL drops the packets or the answers',
    explains: ['no-answer-to-syn', 'tls-silent'],
    readBy: ['ec2:DescribeVpcEndpoints', 'ec2:DescribeNetworkInterfaces', 'ec2:DescribeNetworkAcls'],
    judge: (facts, question) => acrossAcls(facts, question, portsOfLinux)
  },
  {
    id: 'no-route-to-destination',
    code: 'NO_ROUTE_TO_DESTINATION',
    title: 'a route table has no usable route between the clients and the endpoint',
    explains: ['no-answer-to-syn', 'network-unreachable', 'no-route'],
    readBy: [
      'ec2:DescribeVpcEndpoints',
      'ec2:DescribeNetworkInterfaces',
      'ec2:DescribeRouteTables',
      'ec2:GetManagedPrefixListEntries'
    ],
    judge: acrossRoutes
  },
  {
    id: 'subnet-acl-of-some-ports',
    title: 'a network ACL drops answers to some of the ports that clients may use',
    // Clients on Linux do not use these ports.
    explains: [],
    readBy: ['ec2:DescribeVpcEndpoints', 'ec2:DescribeNetworkInterfaces', 'ec2:DescribeNetworkAcls'],
    judge: (facts, question) => {
      const ofLinux = acrossAcls(facts, question, portsOfLinux)
      return ofLinux.ruling === 'ruled-out'
        ? acrossAcls(facts, question, portsOfClients)
        : ruledOut('the ACL drops other ports as well')
    }
  },
  {
    id: 'endpoint-not-in-zone',
    title: 'the endpoint has no address in the availability zone of the clients',
    // Packets then cross to another zone, which works.
    explains: [],
    readBy: ['ec2:DescribeVpcEndpoints', 'ec2:DescribeNetworkInterfaces'],
    judge: ({ endpoint, endpointInterfaces, clientInterface }, { from: { machine }, target: { region } }) =>
      judgedBy({ endpoint, endpointInterfaces }, answers => {
        const own = clientInterface.kind === 'answered' ? clientInterface.answer?.availabilityZone : undefined
        const zone = own ?? (machine?.cloud === 'aws' && machine.region === region ? machine.zone : undefined)
        if (answers.endpoint === undefined) return ruledOut('there is no such endpoint')
        if (zone === undefined || zone === '') return notKnown('the availability zone of this machine is not known')
        const zones = [...new Set(answers.endpointInterfaces.map(({ availabilityZone }) => availabilityZone))].sort()
        return zones.includes(zone)
          ? ruledOut(`endpoint ${answers.endpoint.id} has an address in ${zone}`)
          : confirmed(
              `endpoint ${answers.endpoint.id} has addresses in ${zones.join(', ') || 'no zone'}, but none in ${zone}, the zone of this machine, so its packets cross zones`,
              answers.endpoint.id
            )
      })
  },
  ...ofNoConfiguration
] as const satisfies readonly Cause<string, AwsFacts, AwsTarget>[]

interface OnTheWay {
  readonly ways: readonly EndpointWay[]
  readonly endpoint: VpcEndpoint
  readonly client: NetworkInterface | undefined
  readonly rules: readonly SecurityRule[]
}

/** Judges the groups of the endpoint. */
function inbound(facts: AwsFacts, question: AwsQuestion): Ruling {
  return alongWays(facts, question, ({ ways, endpoint, client, rules }) =>
    acrossGroups(
      facts,
      rules,
      ways.map(({ from }) => ({
        direction: 'inbound',
        groupIds: endpoint.groupIds,
        port: question.target.port,
        peer: { address: from, groupIds: client?.groupIds }
      }))
    )
  )
}

/** Judges what a security group sees of the ways to the endpoint. */
function alongWays(facts: AwsFacts, question: AwsQuestion, judge: (on: OnTheWay) => Ruling): Ruling {
  const { endpoint, endpointInterfaces, rules } = facts
  return judgedBy({ endpoint, endpointInterfaces, rules }, answers => {
    if (answers.endpoint === undefined) return ruledOut('there is no such endpoint')
    const side = sideOf(facts)
    const { client } = side
    const ways = waysTo(answers.endpointInterfaces, side, question)
    if (ways.length === 0) return notKnown(whyWithoutWay(side, question))
    return judge({ ways, endpoint: answers.endpoint, client, rules: answers.rules })
  })
}

function whyWithoutWay(side: ClientSide, { from }: AwsQuestion): string {
  if (from.addresses.length === 0) return 'the address of this machine is not known'
  return sourceAddresses(side, from).length === 0
    ? `a device between this machine and the endpoint may translate the address ${from.addresses.join(' or ')}`
    : 'this machine and the endpoint have no address family in common, or the endpoint has no interface'
}

/** Who sends the packets, as far as it is known. */
const sideOf = ({ clientInterface, vpc }: AwsFacts): ClientSide => ({
  client: clientInterface.kind === 'answered' ? clientInterface.answer : undefined,
  vpc: vpc.kind === 'answered' ? vpc.answer : undefined
})

const whyWithoutInterface = ({ clientInterface }: AwsFacts, { from: { addresses } }: AwsQuestion) =>
  clientInterface.kind === 'unanswered'
    ? whyUnanswered(clientInterface)
    : `no network interface with the address ${addresses.join(' or ')} of this machine was found`

/** Judges each connection, and takes the worst. */
function acrossGroups(
  { prefixLists }: AwsFacts,
  rules: readonly SecurityRule[],
  connections: readonly GroupTraffic[]
): Ruling {
  return worst(connections.map(traffic => throughGroups(rules, prefixLists, traffic)))
}

function throughGroups(
  rules: readonly SecurityRule[],
  prefixLists: AwsFacts['prefixLists'],
  traffic: GroupTraffic
): Ruling {
  const { direction, groupIds, port, peer } = traffic
  const what = `TCP ${port} ${direction === 'inbound' ? 'from' : 'to'} ${peer.address}`
  const verdict = judgeGroups(rules, prefixLists, traffic)
  switch (verdict.kind) {
    case 'allowed':
      return ruledOut(`rule ${verdict.by.id} of security group ${verdict.by.groupId} allows ${what}`)
    case 'unknown':
      return notKnown(dependsOn(verdict.depends, prefixLists, peer.address))
    case 'denied':
      return confirmed(
        groupIds.length === 1
          ? `security group ${groupIds.join()} has no ${direction} rule for ${what}`
          : `none of the security groups ${groupIds.join(', ')} has an ${direction} rule for ${what}`,
        ...(groupIds[0] === undefined ? [] : [groupIds[0], peer.address])
      )
  }
}

function dependsOn({ id, peer }: SecurityRule, prefixLists: AwsFacts['prefixLists'], address: string): string {
  if (peer.kind !== 'prefix-list') {
    return `rule ${id} allows interfaces with security group ${peer.kind === 'group' ? peer.groupId : ''} attached, and the interface with the address ${address} was not found`
  }
  const list = prefixLists[peer.prefixListId]
  const why = list?.kind === 'unanswered' ? whyUnanswered(list) : 'it was not read'
  return `rule ${id} allows prefix list ${peer.prefixListId}, whose ranges are not known because ${why}`
}

function worst(rulings: readonly Ruling[]): Ruling {
  const [first = notKnown('the endpoint has no address')] = rulings
  return (
    rulings.find(({ ruling }) => ruling === 'confirmed') ??
    rulings.find(({ ruling }) => ruling === 'not-known') ??
    first
  )
}

/** Judges the network ACLs of both subnets, in both directions. Within one subnet none applies. */
function acrossAcls(facts: AwsFacts, question: AwsQuestion, answerPorts: PortRange): Ruling {
  const { endpoint, endpointInterfaces, networkAcls } = facts
  const { port } = question.target
  return judgedBy({ endpoint, endpointInterfaces, networkAcls }, answers => {
    if (answers.endpoint === undefined) return ruledOut('there is no such endpoint')
    const side = sideOf(facts)
    const { client } = side
    const ways = waysTo(answers.endpointInterfaces, side, question)
    if (ways.length === 0) return notKnown(whyWithoutWay(side, question))
    return worst(
      ways.flatMap(({ from, to, endpoint: { subnetId } }) => {
        if (client?.subnetId === subnetId) return [ruledOut(`${from} and ${to} are in one subnet, ${subnetId}`)]
        const connections = { from: port, to: port }
        const atEndpoint = [
          acl(answers.networkAcls, subnetId, { direction: 'inbound', peer: from, ports: connections }),
          acl(answers.networkAcls, subnetId, { direction: 'outbound', peer: from, ports: answerPorts })
        ]
        if (client === undefined) return [...atEndpoint, notKnown(whyWithoutInterface(facts, question))]
        return [
          ...atEndpoint,
          acl(answers.networkAcls, client.subnetId, { direction: 'outbound', peer: to, ports: connections }),
          acl(answers.networkAcls, client.subnetId, { direction: 'inbound', peer: to, ports: answerPorts })
        ]
      })
    )
  })
}

function acl(acls: readonly NetworkAcl[], subnetId: string, traffic: AclTraffic): Ruling {
  const found = acls.find(({ subnetIds }) => subnetIds.includes(subnetId))
  if (found === undefined) return notKnown(`no network ACL of subnet ${subnetId} was found`)
  const { direction, peer } = traffic
  const verdict = judgeAcl(found, traffic)
  const other = `${direction === 'inbound' ? 'from' : 'to'} ${peer}`
  if (verdict.kind === 'allowed') return ruledOut(`network ACL ${found.id} allows ${direction} TCP ${other}`)
  const { ports, by } = verdict
  const which = ports.from === ports.to ? `${ports.from}` : `${ports.from}-${ports.to}`
  const rule = by === undefined || by.number === 32_767 ? 'the last rule, *,' : `${direction} rule ${by.number}`
  return confirmed(
    `${rule} of network ACL ${found.id} denies ${direction} TCP to port${ports.from === ports.to ? '' : 's'} ${which} ${other}`,
    found.id,
    subnetId
  )
}

/** Judges the routes in both directions. */
function acrossRoutes(facts: AwsFacts, question: AwsQuestion): Ruling {
  const { endpoint, endpointInterfaces, routeTables, clientInterface, prefixLists } = facts
  return judgedBy({ endpoint, endpointInterfaces, routeTables, clientInterface }, answers => {
    const { clientInterface: client } = answers
    if (answers.endpoint === undefined) return ruledOut('there is no such endpoint')
    if (client === undefined) return notKnown(whyWithoutInterface(facts, question))
    const side = sideOf(facts)
    const ways = waysTo(answers.endpointInterfaces, side, question)
    if (ways.length === 0) return notKnown(whyWithoutWay(side, question))
    const isOneVpc = (answers.endpointInterfaces[0]?.vpcId ?? client.vpcId) === client.vpcId
    return worst(
      ways.flatMap(({ from, to, endpoint: at }) => {
        const there = tableOf(answers.routeTables, client)
        const back = tableOf(answers.routeTables, at)
        return [
          route(there, prefixLists, to, isOneVpc),
          route(back, prefixLists, from, isOneVpc),
          ...peering(there, back, prefixLists, { from, to })
        ]
      })
    )
  })
}

/** A peering connects two VPCs, which have no other one: only the same in both directions is theirs. */
function peering(
  there: RouteTable | undefined,
  back: RouteTable | undefined,
  prefixLists: AwsFacts['prefixLists'],
  { from, to }: Pick<EndpointWay, 'from' | 'to'>
): readonly Ruling[] {
  const through = (table: RouteTable | undefined, address: string) => {
    const verdict = table === undefined ? undefined : judgeRoute(table, prefixLists, address)
    return verdict?.kind === 'route' ? verdict.route.through : undefined
  }
  const [one, other] = [through(there, to), through(back, from)]
  if (one === other || one === undefined || other === undefined) return []
  if (!one.startsWith('pcx-') && !other.startsWith('pcx-')) return []
  return [
    notKnown(`packets go through ${one} and answers through ${other}, and the VPCs that these connect are not read`)
  ]
}

/** Gateways to the internet: none of them reaches an endpoint. */
const toInternet = /^(?:igw|nat|eigw)-/

function route(
  table: RouteTable | undefined,
  prefixLists: AwsFacts['prefixLists'],
  address: string,
  isOneVpc: boolean
): Ruling {
  if (table === undefined) return notKnown('the route table of a subnet was not found')
  const verdict = judgeRoute(table, prefixLists, address)
  if (verdict.kind === 'unknown') return notKnown(`the ranges of prefix list ${verdict.prefixListId} are not known`)
  if (verdict.kind === 'none') return confirmed(`route table ${table.id} has no route to ${address}`, table.id)
  const { through, isBlackhole, to } = verdict.route
  const known = `route table ${table.id} sends packets for ${address} to ${through}`
  const about = [table.id, to.kind === 'range' ? to.range : to.prefixListId]
  if (isBlackhole) return confirmed(`${known}, which is gone: the route is a blackhole`, ...about)
  if (toInternet.test(through)) return confirmed(`${known}, a gateway to the internet`, ...about)
  if (through === 'local' && !isOneVpc) {
    return confirmed(`${known}: the ranges of the VPCs of the clients and the endpoint overlap`, ...about)
  }
  if (through === 'local' || through.startsWith('pcx-')) return ruledOut(known)
  return notKnown(`${known}, and the configuration of ${through} is not read`)
}
