import { blocks, flag, optionalText } from '../attributes.ts'
import { type Attributes, isWhollyKnown, type Value } from '../value.ts'
import type { Refuse } from './endpoint-interfaces.ts'

/** The kinds of addresses that an endpoint has. */
export type IpAddressType = 'ipv4' | 'dualstack'

/** What the names of an endpoint answer. */
export interface DnsOptions {
  readonly recordIpType: DnsRecordIpType
  readonly onlyForInboundResolver: boolean
}

/** Which addresses the names of an endpoint answer with; where the service decides, those that the endpoint has. */
export type DnsRecordIpType = 'ipv4' | 'ipv6' | 'dualstack' | 'service-defined'

const allowed: Readonly<Record<IpAddressType, readonly DnsRecordIpType[]>> = {
  ipv4: ['ipv4', 'service-defined'],
  dualstack: ['ipv4', 'ipv6', 'dualstack', 'service-defined']
}

/** Reads the options planned for an endpoint; what they leave out follows from its addresses. */
export function dnsOptionsOf(refuse: Refuse, planned: Attributes, type: IpAddressType): DnsOptions {
  const [block] = blocks(planned, 'dns_options')
  const wanted = (block && optionalText(block, 'dns_record_ip_type')) ?? type
  const recordIpType = allowed[type].find(each => each === wanted)
  if (recordIpType === undefined) {
    const message = `The DNS record IP type ${wanted} is not compatible with the IP address type ${type} of the VPC endpoint.`
    throw refuse('InvalidParameter', message)
  }
  const onlyForInboundResolver = block !== undefined && flag(block, 'private_dns_only_for_inbound_resolver_endpoint')
  return { recordIpType, onlyForInboundResolver }
}

/** The options of an endpoint whose addresses change, as far as they still can be. */
export function keepDnsOptions(before: DnsOptions, type: IpAddressType): DnsOptions {
  return allowed[type].includes(before.recordIpType) ? before : { ...before, recordIpType: type }
}

/** Whether the cloud's wording of the options and the configuration's, which may leave some out, mean the same. */
export function isSameDnsOptions(before: Value, after: Value): boolean {
  const [standing] = blocks({ dns_options: before }, 'dns_options')
  const [wanted] = blocks({ dns_options: after }, 'dns_options')
  if (standing === undefined || wanted === undefined || !isWhollyKnown(standing)) return false
  const type = optionalText(wanted, 'dns_record_ip_type')
  const only = 'private_dns_only_for_inbound_resolver_endpoint'
  return (type === undefined || type === standing.dns_record_ip_type) && flag(wanted, only) === flag(standing, only)
}
