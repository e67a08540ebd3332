import { type Asked, answered } from '../../../causes/asked.ts'
import { confirmed, judgedBy, notKnown, type Ruling, ruledOut } from '../../../causes/cause.ts'
import type { CloudQuestion } from '../../../causes/question.ts'
import type { GcpTarget } from '../target.ts'
import type { EffectiveFirewallsAnswer } from './answers.ts'
import { endpointAddress } from './endpoint.ts'
import type { GcpCause, GcpFacts } from './facts.ts'
import { type EgressVerdict, judgeEgress } from './firewall.ts'
import { type VpcName, vpcPath } from './network.ts'
import { nextHopOf, routeTo } from './route.ts'

const noAddress = 'the address of the endpoint is not known'

/** What the firewalls of the network do with the first packet of a connection to the endpoint. */
function judgeFirewalls(
  facts: GcpFacts,
  { target }: CloudQuestion<GcpTarget>,
  rule: (verdict: Exclude<EgressVerdict, { readonly verdict: 'unknown' }>, packet: string) => Ruling
): Ruling {
  const { network, vpc, firewalls, regionalFirewalls, instance, hasClients, clientAddresses, clientRegion } = facts
  const to = endpointAddress(facts, target)
  return judgedBy({ vpc, firewalls }, ({ vpc, firewalls }) => {
    if (to === undefined) return notKnown(noAddress)
    if (network === undefined || vpc === undefined || firewalls === undefined) return notKnown(noNetwork(facts))
    const verdict = judgeEgress(
      { order: vpc.networkFirewallPolicyEnforcementOrder, global: firewalls, regional: known(regionalFirewalls) },
      {
        network,
        region: clientRegion ?? target.region,
        from: clientAddresses,
        to,
        port: target.port,
        machine: hasClients && instance.kind === 'answered' ? instance.answer : undefined
      }
    )
    if (verdict.verdict === 'unknown') return notKnown(verdict.why)
    return rule(verdict, `TCP ${target.port} to ${to}`)
  })
}

/** A network that exists has firewalls, of which there may be none. */
const known = (asked: Asked<EffectiveFirewallsAnswer | undefined>): Asked<EffectiveFirewallsAnswer> =>
  asked.kind === 'unanswered' ? asked : answered(asked.answer ?? { firewalls: [], firewallPolicys: [] })

const noNetwork = ({ network }: GcpFacts) =>
  network === undefined ? 'the network of the endpoint is not known' : `there is no network ${vpcPath(network)}`

/** What {@link judgeFirewalls} needs. */
const firewallsReadBy = [
  'compute.networks.get',
  'compute.networks.getEffectiveFirewalls',
  'compute.networks.getRegionEffectiveFirewalls',
  'compute.instances.get',
  'compute.instances.list',
  'compute.forwardingRules.get',
  'compute.forwardingRules.list'
] as const

export const firewallRule: GcpCause = {
  id: 'firewall-rule',
  code: 'FIREWALL_RULE',
  title: 'a firewall denies egress to the endpoint',
  explains: ['no-answer-to-syn'],
  readBy: firewallsReadBy,
  judge: (facts, question) =>
    judgeFirewalls(facts, question, ({ verdict, by, about }, packet) => {
      switch (verdict) {
        case 'deny':
          return confirmed(`${by} denies ${packet}`, ...about)
        case 'inspect':
          return notKnown(`${by} passes ${packet} on to inspection, and only its log reports what the inspection drops`)
        case 'allow':
          return ruledOut(`${by} allows ${packet}`)
      }
    })
}

export const firewallInspection: GcpCause = {
  id: 'firewall-inspection',
  title: 'Cloud NGFW inspects the connection and closes it',
  explains: ['tls-reset', 'tls-silent', 'certificate-untrusted', 'application-reset', 'application-silent'],
  readBy: firewallsReadBy,
  unconfirmed: 'only the log of Cloud NGFW reports which connections an inspection closes',
  judge: (facts, question) =>
    judgeFirewalls(facts, question, ({ verdict, by }, packet) =>
      verdict === 'inspect'
        ? notKnown(
            `${by} passes ${packet} on to inspection, and only its log reports which connections the inspection closes`
          )
        : ruledOut(`no rule of a firewall policy inspects ${packet}`)
    )
}

export const routeMissing: GcpCause = {
  id: 'route-missing',
  code: 'NO_ROUTE',
  title: 'there is no route to the endpoint',
  explains: ['no-answer-to-syn', 'network-unreachable', 'no-route'],
  readBy: [
    'compute.routes.list',
    'compute.routers.list',
    'compute.forwardingRules.get',
    'compute.forwardingRules.list',
    'compute.instances.get',
    'compute.instances.list'
  ],
  judge: (facts, { target }) =>
    judgedBy({ routes: facts.routes }, ({ routes }) => {
      const { network, instance } = facts
      const to = endpointAddress(facts, target)
      if (to === undefined) return notKnown(noAddress)
      if (network === undefined) return notKnown(noNetwork(facts))
      const tags = instance.kind === 'answered' ? instance.answer?.tags.items : undefined
      const route = routeTo(to, routes, network, tags)
      if (route === undefined) {
        return ifNoneIsLearned(facts, network, `network ${network.name} has no route to ${to}`)
      }
      const { kind, noun } = nextHopOf(route)
      const leads = `route ${route.name} (${route.destRange}) sends ${to} to ${noun}`
      if (kind === 'subnet') return ruledOut(leads)
      if (kind === 'internet') {
        return ifNoneIsLearned(facts, network, `${leads}, and no subnet of network ${network.name} has ${to}`)
      }
      return notKnown(`${leads}, and the configuration does not show whether that hop forwards packets`)
    })
}

/** Confirms what the listed routes say, if no Cloud Router can have learned another. */
function ifNoneIsLearned({ routers: asked }: GcpFacts, network: VpcName, listed: string): Ruling {
  return judgedBy({ asked }, ({ asked: [router] }) =>
    router === undefined
      ? confirmed(listed, vpcPath(network))
      : notKnown(
          `${listed}, but Cloud Router ${router.name} may have learned a route, which the list of routes does not include`
        )
  )
}
