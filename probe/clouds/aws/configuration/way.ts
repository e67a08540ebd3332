import type { CloudQuestion } from '../../../causes/question.ts'
import type { AwsTarget } from '../target.ts'
import type { NetworkInterface } from './facts.ts'

/** What is asked about a link on AWS. */
export type AwsQuestion = CloudQuestion<AwsTarget>

/** The way of packets from this machine to one address of the endpoint. */
export interface EndpointWay {
  readonly from: string
  readonly to: string
  /** The interface of the endpoint that has the address. */
  readonly endpoint: NetworkInterface
}

/**
 * The ways to the endpoint: to those of its addresses that the host resolves to, or to all if it resolves to none of them. Of both
 * families, IPv4 is then taken.
 *
 * @param interfaces of the endpoint
 * @param client the interface of this machine, if it is known
 */
export function waysTo(
  interfaces: readonly NetworkInterface[],
  client: NetworkInterface | undefined,
  { resolved, from }: Pick<AwsQuestion, 'resolved' | 'from'>
): readonly EndpointWay[] {
  const all = interfaces.flatMap(endpoint => endpoint.addresses.map(to => ({ endpoint, to })))
  const taken = all.filter(({ to }) => resolved.includes(to))
  const ofIpv4 = all.filter(({ to }) => !isIpv6(to))
  const own = from.addresses.toSorted((one, other) => rank(one, client) - rank(other, client))
  return (taken.length > 0 ? taken : ofIpv4.length > 0 ? ofIpv4 : all).flatMap(({ endpoint, to }) => {
    const address = own.find(each => isIpv6(each) === isIpv6(to))
    return address === undefined ? [] : [{ from: address, to, endpoint }]
  })
}

/** Addresses of the interface that is known come first. */
const rank = (address: string, client: NetworkInterface | undefined) => (client?.addresses.includes(address) ? 0 : 1)

const isIpv6 = (address: string) => address.includes(':')
