import { confirmed, judgedBy, notKnown, ruledOut } from '../../../causes/cause.ts'
import type { CloudQuestion } from '../../../causes/question.ts'
import type { GcpTarget } from '../target.ts'
import type { GcpCause, GcpFacts } from './facts.ts'
import { isUrlOf, vpcPath } from './network.ts'

/** The endpoint's address: the forwarding rule's, or else the one that the config has. */
export function endpointAddress({ endpoint }: GcpFacts, target: GcpTarget): string | undefined {
  const own = endpoint.kind === 'answered' ? endpoint.answer?.IPAddress : undefined
  return own ?? target.endpointAddress
}

/** Whether clients here get the endpoint's address, and no other. */
export function isResolvedRight(facts: GcpFacts, { target, resolved }: CloudQuestion<GcpTarget>): boolean {
  const address = endpointAddress(facts, target)
  return resolved.length > 0 && resolved.every(each => each === address)
}

/** The path of the forwarding rule, or what is known of it. */
const pathOf = ({ project = '-' }: GcpFacts, { region, forwardingRule }: GcpTarget, name = forwardingRule ?? '-') =>
  `projects/${project}/regions/${region}/forwardingRules/${name}`

const nothing = 'no forwarding rule has the name or address of the endpoint'

export const forwardingRuleMissing: GcpCause = {
  id: 'forwarding-rule-missing',
  title: 'the endpoint does not exist',
  explains: [
    'no-answer-to-syn',
    'connection-refused',
    'network-unreachable',
    'no-route',
    'stale-record',
    'endpoint-gone'
  ],
  readBy: ['compute.forwardingRules.get', 'compute.forwardingRules.list'],
  judge: (facts, { target }) =>
    judgedBy({ endpoint: facts.endpoint }, ({ endpoint }) => {
      if (endpoint !== undefined) return ruledOut(`forwarding rule ${endpoint.name} exists`)
      const path = pathOf(facts, target)
      return confirmed(
        target.forwardingRule === undefined
          ? `no forwarding rule of project ${facts.project} in ${target.region} has the address of the endpoint`
          : `project ${facts.project} has no forwarding rule ${target.forwardingRule} in ${target.region}`,
        path
      )
    })
}

/** What Google documents of each status: https://cloud.google.com/vpc/docs/about-accessing-vpc-hosted-services-endpoints */
const statuses: Readonly<Record<string, string>> = {
  PENDING: 'Zilliz Cloud has not accepted it',
  REJECTED: 'Zilliz Cloud rejected it',
  CLOSED: 'Zilliz Cloud closed it, for example because the service attachment was deleted',
  NEEDS_ATTENTION: 'Zilliz Cloud must take another action before it serves traffic'
}

export const pscConnectionNotAccepted: GcpCause = {
  id: 'psc-connection-not-accepted',
  code: 'PSC_CONNECTION_NOT_ACCEPTED',
  title: 'Zilliz Cloud does not accept the connection of the endpoint',
  explains: ['no-answer-to-syn', 'connection-refused', 'no-route', 'tls-reset', 'tls-silent'],
  readBy: ['compute.forwardingRules.get', 'compute.forwardingRules.list'],
  judge: (facts, { target }) =>
    judgedBy({ endpoint: facts.endpoint }, ({ endpoint }) => {
      if (endpoint === undefined) return ruledOut(nothing)
      const { name, pscConnectionStatus: status } = endpoint
      if (status === undefined) return notKnown(`forwarding rule ${name} has no connection status`)
      if (status === 'ACCEPTED') return ruledOut(`the connection of forwarding rule ${name} is ACCEPTED`)
      const meaning = statuses[status]
      return meaning === undefined
        ? notKnown(`forwarding rule ${name} has the connection status ${status}, which the probe does not know`)
        : confirmed(`the connection of forwarding rule ${name} is ${status}: ${meaning}`, pathOf(facts, target, name))
    })
}

export const forwardingRuleRegionMismatch: GcpCause = {
  id: 'forwarding-rule-region-mismatch',
  code: 'FORWARDING_RULE_REGION_MISMATCH',
  title: 'the clients are not in the region of the endpoint, which does not allow global access',
  explains: ['no-answer-to-syn'],
  readBy: [
    'compute.forwardingRules.get',
    'compute.forwardingRules.list',
    'compute.instances.get',
    'compute.instances.list'
  ],
  judge: (facts, { target }) =>
    judgedBy({ endpoint: facts.endpoint }, ({ endpoint }) => {
      if (endpoint === undefined) return ruledOut(nothing)
      const { name, allowPscGlobalAccess } = endpoint
      if (allowPscGlobalAccess) return ruledOut(`forwarding rule ${name} allows global access`)
      const { clientRegion } = facts
      if (clientRegion === undefined) return notKnown('the region of the clients is not known')
      return clientRegion === target.region
        ? ruledOut(`the clients and forwarding rule ${name} are in ${clientRegion}`)
        : confirmed(
            `the clients are in ${clientRegion}, but forwarding rule ${name} in ${target.region} does not allow global access`,
            pathOf(facts, target, name)
          )
    })
}

export const endpointAddressChanged: GcpCause = {
  id: 'endpoint-address-changed',
  title: "the address of the endpoint is not the one in the probe's config",
  explains: ['wrong-endpoint', 'stale-record'],
  readBy: ['compute.forwardingRules.get', 'compute.forwardingRules.list'],
  judge: (facts, { target }) =>
    judgedBy({ endpoint: facts.endpoint }, ({ endpoint }) => {
      if (endpoint?.IPAddress === undefined) return ruledOut(nothing)
      const { name, IPAddress } = endpoint
      if (target.endpointAddress === undefined) return ruledOut('the config has no address of the endpoint')
      return target.endpointAddress === IPAddress
        ? ruledOut(`forwarding rule ${name} has the address ${IPAddress}, like the config`)
        : confirmed(
            `forwarding rule ${name} has the address ${IPAddress}, but the config has ${target.endpointAddress}`,
            pathOf(facts, target, name)
          )
    })
}

export const pscEndpointAccessedFromPeeredNetwork: GcpCause = {
  id: 'psc-endpoint-accessed-from-peered-network',
  code: 'PSC_ENDPOINT_ACCESSED_FROM_PEERED_NETWORK',
  title: 'the clients are in a peered network, from which a Private Service Connect endpoint is not reachable',
  explains: ['no-answer-to-syn', 'network-unreachable', 'no-route'],
  readBy: [
    'compute.networks.get',
    'compute.forwardingRules.get',
    'compute.forwardingRules.list',
    'compute.instances.get',
    'compute.instances.list'
  ],
  judge: (facts, question) => {
    const { network, linkNetwork, hasClients, vpc } = facts
    if (!hasClients || network === undefined) return notKnown('the network of the clients is not known')
    if (linkNetwork === undefined) return notKnown('the network of the endpoint is not known')
    if (vpcPath(network) === vpcPath(linkNetwork)) {
      return ruledOut(`the clients and the endpoint are in network ${network.name}`)
    }
    return judgedBy({ vpc }, ({ vpc }) => {
      const peering = vpc?.peerings.find(
        ({ network: url = '', state }) => state === 'ACTIVE' && isUrlOf(linkNetwork)(url)
      )
      if (peering === undefined) {
        return ruledOut(`network ${network.name} of the clients has no active peering with ${linkNetwork.name}`)
      }
      if (question.case === 'healthy') {
        return ruledOut('the clients connect, so their network receives the connection through propagation')
      }
      return confirmed(
        `the clients are in network ${network.name}, which reaches network ${linkNetwork.name} of the endpoint by peering ${peering.name}`,
        vpcPath(network)
      )
    })
  }
}
