import type { CloudQuestion } from '../../../causes/question.ts'
import type { AwsTarget } from '../target.ts'
import type { NetworkInterface, Vpc } from './facts.ts'
import { isInRanges } from './security-group.ts'

/** What is asked about a link on AWS. */
export type AwsQuestion = CloudQuestion<AwsTarget>

/** The way of packets from this machine to one address of the endpoint. */
export interface EndpointWay {
  readonly from: string
  readonly to: string
  /** The interface of the endpoint that has the address. */
  readonly endpoint: NetworkInterface
}

/** Whose addresses packets to the endpoint can have. */
export interface ClientSide {
  /** The interface of this machine, if it is known. */
  readonly client: NetworkInterface | undefined
  /** The VPC of the link, if it is known. */
  readonly vpc: Vpc | undefined
}

/**
 * The addresses that packets to the endpoint have when they leave this machine, those of its interface first. Not those that something
 * on the way may translate: of a container, a pod or a tunnel, unless they are in the VPC.
 */
export function sourceAddresses(
  { client, vpc }: ClientSide,
  { addresses, hardware }: AwsQuestion['from']
): readonly string[] {
  const ofClient = addresses.filter(address => client?.addresses.includes(address))
  if (client !== undefined && ofClient.length === 0) return client.addresses
  const others = addresses.filter(
    address => !ofClient.includes(address) && (hardware?.hasDevice === true || isInRanges(vpc?.ranges ?? [], address))
  )
  return [...ofClient, ...others]
}

/**
 * The ways to the endpoint: to those of its addresses that the host resolves to, or to all if it resolves to none of them. Of both
 * families, IPv4 is then taken.
 *
 * @param interfaces of the endpoint
 */
export function waysTo(
  interfaces: readonly NetworkInterface[],
  side: ClientSide,
  { resolved, from }: Pick<AwsQuestion, 'resolved' | 'from'>
): readonly EndpointWay[] {
  const all = interfaces.flatMap(endpoint => endpoint.addresses.map(to => ({ endpoint, to })))
  const taken = all.filter(({ to }) => resolved.includes(to))
  const ofIpv4 = all.filter(({ to }) => !isIpv6(to))
  const own = sourceAddresses(side, from)
  return (taken.length > 0 ? taken : ofIpv4.length > 0 ? ofIpv4 : all).flatMap(({ endpoint, to }) => {
    const address = own.find(each => isIpv6(each) === isIpv6(to))
    return address === undefined ? [] : [{ from: address, to, endpoint }]
  })
}

const isIpv6 = (address: string) => address.includes(':')
