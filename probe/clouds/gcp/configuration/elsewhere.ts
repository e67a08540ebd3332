import { confirmed, judgedBy, notKnown, type Ruling, ruledOut } from '../../../causes/cause.ts'
import type { CloudQuestion } from '../../../causes/question.ts'
import type { GcpTarget } from '../target.ts'
import type { SubnetworkAnswer } from './answers.ts'
import type { GcpFacts } from './facts.ts'
import { lastPart, vpcPath } from './network.ts'
import { gcpMaker } from './own-machine.ts'
import { isInRange } from './range.ts'

/** Whether this machine is outside the network of the link. */
export function judgeElsewhere(facts: GcpFacts, { from }: CloudQuestion<GcpTarget>): Ruling {
  const { linkNetwork, network, hasClients, subnets } = facts
  const { machine, addresses, hardware } = from
  if (machine !== undefined && machine.cloud !== 'gcp') {
    return confirmed('this machine is not on Google Cloud')
  }
  if (linkNetwork === undefined) return notKnown('the network of the endpoint is not known')
  const path = vpcPath(linkNetwork)
  if (hasClients && network !== undefined) {
    return vpcPath(network) === path
      ? ruledOut(`this machine is in network ${linkNetwork.name} of the link`)
      : confirmed(`this machine is in network ${vpcPath(network)}, and the link in ${path}`, path)
  }
  return judgedBy({ subnets }, ({ subnets }) => {
    const inside = subnets.find(subnet =>
      rangesOf(subnet).some(range => addresses.some(each => isInRange(each, range)))
    )
    if (inside !== undefined) {
      const known = `this machine has an address of subnet ${inside.name} in ${lastPart(inside.region)}`
      // Many networks use the same private ranges.
      return isOfGoogle(from) ? ruledOut(known) : notKnown(`${known}, but nothing proves that it is on Google Cloud`)
    }
    if (addresses.length === 0) return notKnown('the addresses of this machine are not known')
    const none = `no subnet of network ${linkNetwork.name} has ${addresses.join(' or ')} of this machine`
    return hardware?.hasDevice === true && isOfGoogle(from)
      ? confirmed(none, path)
      : notKnown(`${none}, but a container, a pod or a virtual machine in it can have an address of its own`)
  })
}

const isOfGoogle = ({ machine, hardware }: CloudQuestion<GcpTarget>['from']) =>
  machine !== undefined || gcpMaker.test(hardware?.maker ?? '')

function rangesOf(subnet: SubnetworkAnswer): readonly string[] {
  const { ipCidrRange, internalIpv6Prefix, externalIpv6Prefix, secondaryIpRanges } = subnet
  return [
    ipCidrRange,
    internalIpv6Prefix,
    externalIpv6Prefix,
    ...secondaryIpRanges.map(({ ipCidrRange: range }) => range)
  ].filter(range => range !== undefined)
}
