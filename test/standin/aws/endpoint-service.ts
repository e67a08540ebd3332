import { flag, optionalText, text, texts } from '../attributes.ts'
import type { Attributes } from '../value.ts'
import type { AwsCloud } from './aws-cloud.ts'
import type { Refuse } from './endpoint-interfaces.ts'
import { serviceNamePattern } from './endpoint-names.ts'

/** What the owner of an endpoint service has decided about the endpoints that ask for it. */
export type Acceptance = 'pending' | 'granted' | 'rejected'

/** An endpoint service that exists. */
export interface EndpointService {
  readonly name: string
  /** The ids of the zones it covers. @default - every zone */
  readonly zoneIds?: readonly string[]
  /** The other regions in which there may be endpoints to it. @default - none */
  readonly supportedRegions?: readonly string[]
  /** The kinds of addresses that it takes requests at. @default - both */
  readonly supportedIpAddressTypes?: readonly ('ipv4' | 'ipv6')[]
  /** @default - the cloud's `acceptance` */
  acceptance?: Acceptance
}

/** Refuses an endpoint that its service does not allow. */
export function requireService(cloud: AwsCloud, refuse: Refuse, planned: Attributes): void {
  const serviceName = text(planned, 'service_name')
  const region = text(planned, 'region')
  const serviceRegion = optionalText(planned, 'service_region') ?? region
  const service = cloud.services?.get(serviceName)
  const isListed = cloud.services === undefined || service !== undefined
  const isReachable = service === undefined || [serviceRegion, ...(service.supportedRegions ?? [])].includes(region)
  if (serviceNamePattern.exec(serviceName)?.[1] !== serviceRegion || !isListed || !isReachable) {
    throw refuse('InvalidServiceName', `The Vpc Endpoint Service '${serviceName}' does not exist`)
  }
  requireInterface(refuse, planned)
  if (flag(planned, 'private_dns_enabled')) {
    const message = `Private DNS can't be enabled because the service ${serviceName} does not provide a private DNS name.`
    throw refuse('InvalidParameter', message)
  }
}

/** Refuses addresses that the service of an endpoint does not take requests at. */
export function requireAddressType(cloud: AwsCloud, refuse: Refuse, serviceName: string, type: string): void {
  const supported = cloud.services?.get(serviceName)?.supportedIpAddressTypes ?? ['ipv4', 'ipv6']
  const isSupported = supported.includes('ipv4') && (type === 'ipv4' || supported.includes('ipv6'))
  if (isSupported) return
  const message = `The IP address type ${type} is not supported by the VPC endpoint service ${serviceName}.`
  throw refuse('InvalidParameter', message)
}

function requireInterface(refuse: Refuse, planned: Attributes): void {
  const type = text(planned, 'vpc_endpoint_type')
  if (type === 'Interface') return
  if (texts(planned, 'subnet_ids').length > 0) {
    const message = 'Subnet IDs are only supported for Interface and GatewayLoadBalancer type VPC Endpoints.'
    throw refuse('InvalidParameter', message)
  }
  const message = `Endpoint type (${type}) does not match available service types ([Interface]).`
  throw refuse('InvalidParameter', message)
}
