import type { AwsCloud } from './aws-cloud.ts'
import { accessDenied, route53Error } from './aws-error.ts'
import type { Caller } from './caller.ts'
import type { HostedZone } from './hosted-zone.ts'

/** A VPC that sees a private zone, or may come to see it. */
export interface AssociatedVpc {
  readonly id: string
  readonly region: string
}

/** Lets a VPC see a zone. */
export function associateVpc(
  cloud: AwsCloud,
  caller: Caller,
  { doing, call }: { readonly doing: string; readonly call: string },
  zone: HostedZone,
  vpc: AssociatedVpc
): void {
  const refuse = (code: string, message: string, status = 400) => route53Error(doing, { call, status, code, message })
  if (call === 'AssociateVPCWithHostedZone' && zone.vpcs.length === 0) {
    throw refuse('PublicZoneVPCAssociation', `Attempting to associate public zone: ${zone.id} with vpc: ${vpc.id}`)
  }
  requireVpc(cloud, doing, call, vpc)
  const isAuthorized = zone.accountId === caller.accountId || zone.authorizedVpcs.some(({ id }) => id === vpc.id)
  if (cloud.vpcs.get(vpc.id)?.accountId !== caller.accountId || !isAuthorized) {
    const message = `The VPC: ${vpc.id} has not authorized to associate with your hosted zone.`
    throw refuse('NotAuthorizedException', message, 401)
  }
  const conflict = conflictOf(cloud, zone, vpc)
  if (conflict !== undefined) throw refuse('ConflictingDomainExists', conflict)
  zone.vpcs = [...zone.vpcs, vpc]
}

/** Why a VPC cannot see a zone: it sees another of the same name already. */
export function conflictOf(cloud: AwsCloud, { name }: HostedZone, vpc: AssociatedVpc): string | undefined {
  const rival = [...cloud.hostedZones.values()].find(other => other.name === name && sees(other, vpc))
  return (
    rival &&
    `The VPC ${vpc.id} in region ${vpc.region} has already been associated with the hosted zone ${rival.id} with the same domain name.`
  )
}

/** Keeps a VPC from seeing a zone any longer, which its owner and the zone's may ask for. */
export function disassociateVpc(
  cloud: AwsCloud,
  caller: Caller,
  doing: string,
  zone: HostedZone,
  vpc: AssociatedVpc
): void {
  const call = 'DisassociateVPCFromHostedZone'
  const owners = [zone.accountId, cloud.vpcs.get(vpc.id)?.accountId]
  if (!owners.includes(caller.accountId)) throw accessDenied(doing, call, caller)
  if (!sees(zone, vpc)) {
    const message = `The VPC: ${vpc.id} is not associated with the hosted zone: ${zone.id}`
    throw route53Error(doing, { call, status: 404, code: 'VPCAssociationNotFound', message })
  }
  if (zone.vpcs.length === 1) {
    const message = 'Cannot remove last VPC association for the private zone'
    throw route53Error(doing, { call, code: 'LastVPCAssociation', message })
  }
  zone.vpcs = zone.vpcs.filter(({ id }) => id !== vpc.id)
  cloud.note(call, zone.id, caller.accountId)
}

/** Whether a VPC sees a zone. */
export function sees({ vpcs }: HostedZone, { id }: AssociatedVpc): boolean {
  return vpcs.some(vpc => vpc.id === id)
}

/** Refuses a VPC that is not there. */
export function requireVpc(cloud: AwsCloud, doing: string, call: string, { id, region }: AssociatedVpc): void {
  if (cloud.vpcs.get(id)?.region === region) return
  const message = `The VPC: ${id} in region ${region} that you provided is not authorized to make the association.`
  throw route53Error(doing, { call, code: 'InvalidVPCId', message })
}
