import type { ZoneVpc } from './host-to-answer.ts'
import type { AwsLink } from './link.ts'

/** Whether a link's zone is, or comes with, the parent zone. */
export function isWithParent({ zone }: AwsLink): boolean {
  return zone === 'parent' || zone === 'prepare-per-host' || zone === 'switch-to-per-host'
}

/** Where a link's hosts must resolve. */
export function ownVpcs({ vpcId, region, zoneVpcs = [] }: AwsLink): readonly ZoneVpc[] {
  return [{ vpcId, region }, ...zoneVpcs]
}

/** Where no client sees a zone while its record is made: Route 53 makes no private zone without a VPC. */
export function stagingVpcs({ stagingVpcId, region }: AwsLink): readonly ZoneVpc[] {
  return stagingVpcId === undefined ? [] : [{ vpcId: stagingVpcId, region }]
}
