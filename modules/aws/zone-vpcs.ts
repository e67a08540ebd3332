import { Route53VpcAssociationAuthorization } from '@cdktf/provider-aws/lib/route53-vpc-association-authorization/index.js'
import type { Route53Zone, Route53ZoneConfig } from '@cdktf/provider-aws/lib/route53-zone/index.js'
import { Route53ZoneAssociation } from '@cdktf/provider-aws/lib/route53-zone-association/index.js'
import { TerraformElement } from 'cdktf'
import { Construct } from 'constructs'
import { keyed, written } from '../elements.ts'
import { address, expression, raw } from '../expression.ts'
import { MistakesError } from '../mistakes.ts'
import { isToken } from '../token.ts'
import type { ZoneVpc } from './zone.ts'

/** Whether another account owns one of the VPCs. */
function isShared(vpcs: readonly ZoneVpc[]): boolean {
  return vpcs.some(({ provider }) => provider !== undefined)
}

/**
 * The arguments of a zone that say which VPCs see it.
 *
 * Its own `vpc` blocks say it, as long as one account owns all VPCs. Route 53 refuses a block of a VPC of another account, and the
 * provider disassociates what the blocks do not have. So where another account owns one, each VPC after the first
 * has an association of its own, and the zone ignores its blocks.
 *
 * @param where the zone, for an error
 * @throws MistakesError if other accounts own all VPCs
 */
export function vpcsOfZone(where: string, vpcs: readonly ZoneVpc[]): Pick<Route53ZoneConfig, 'vpc' | 'lifecycle'> {
  const block = ({ vpcId, region }: ZoneVpc) => ({ vpcId, vpcRegion: region })
  if (!isShared(vpcs)) return { vpc: vpcs.map(block) }
  return { vpc: [block(firstOf(where, vpcs))], lifecycle: { ignoreChanges: ['vpc'] } }
}

/** The VPC that a zone is made with, of the account of the zone: Route 53 makes no private zone without one. */
function firstOf(where: string, vpcs: readonly ZoneVpc[]): ZoneVpc {
  const first = vpcs.find(({ provider }) => provider === undefined)
  if (first !== undefined) return first
  throw new MistakesError([
    `${where}: vpcs: must have a VPC of the account that gets the zone, got none without a provider. Add one.`
  ])
}

export interface ZoneVpcsProps {
  readonly zone: Route53Zone
  readonly vpcs: readonly ZoneVpc[]
}

/**
 * The associations of a zone with its VPCs, where another account owns one of them.
 *
 * The first and the last VPC of another account change who associates the others: the zone or an association. Neither change
 * disassociates a VPC that stays: Terraform imports what the zone has associated, or forgets an association for the zone. It destroys
 * associations after the zone (`create_before_destroy`), because the provider accepts that an association is gone already, and does
 * not accept that of a block.
 */
export class ZoneVpcs extends Construct {
  constructor(scope: Construct, id: string, { zone, vpcs }: ZoneVpcsProps) {
    super(scope, id)
    const first = isShared(vpcs) ? firstOf(scope.node.path, vpcs) : vpcs[0]
    const keysOf = (vpcs: readonly (ZoneVpc | undefined)[]) =>
      keyed(this, `${scope.node.path}: vpcs`, written(vpcs.flatMap(vpc => vpc?.vpcId ?? [])).elements)
    const keyOfFirst = [...keysOf([first]).keys()]
    for (const [key, vpcId] of keysOf(vpcs)) {
      const vpc = vpcs.find(vpc => vpc.vpcId === vpcId)
      if (vpc === undefined || keyOfFirst.includes(key)) continue
      if (isShared(vpcs)) this.associate(`association-${key}`, zone, vpc)
      else new Forgotten(this, `association-${key}`, Route53ZoneAssociation.tfResourceType)
    }
  }

  private associate(id: string, zone: Route53Zone, { vpcId, region, provider }: ZoneVpc): void {
    const vpc = { zoneId: zone.zoneId, vpcId, vpcRegion: region }
    const lifecycle = { createBeforeDestroy: true }
    if (provider !== undefined) {
      // The owner of the zone authorizes first, then the owner of the VPC associates.
      const authorization = new Route53VpcAssociationAuthorization(
        this,
        id.replace('association', 'authorization'),
        vpc
      )
      new Route53ZoneAssociation(this, id, { ...vpc, provider, dependsOn: [authorization], lifecycle })
      return
    }
    const association = new Route53ZoneAssociation(this, id, { ...vpc, lifecycle })
    // A VPC that only Terraform knows may not exist before the deploy, so that nobody can say whether the zone has it.
    if (isToken(vpcId)) return
    new ImportedIfInZone(association, 'import', { association, zone, vpcId, region })
  }
}

/** Imports an association that the blocks of its zone have made. */
class ImportedIfInZone extends TerraformElement {
  private readonly block: object

  constructor(
    scope: Construct,
    id: string,
    {
      association,
      zone,
      vpcId,
      region
    }: {
      readonly association: Route53ZoneAssociation
      readonly zone: Route53Zone
      readonly vpcId: string
      readonly region: string
    }
  ) {
    super(scope, id)
    const isThere = expression`contains(${raw(`${address(zone)}.vpc[*].vpc_id`)}, ${vpcId})`
    this.block = {
      for_each: expression`toset(${isThere} ? ["association"] : [])`,
      to: address(association),
      id: expression`join(":", ${[zone.zoneId, vpcId, region]})`
    }
  }

  override toTerraform(): object {
    return { import: [this.block] }
  }
}

/** Leaves a resource that an earlier deploy may have made as it is, and forgets it. */
class Forgotten extends TerraformElement {
  private readonly address: string

  /** @param id the one that the resource had in the same scope */
  constructor(scope: Construct, id: string, type: string) {
    super(scope, id)
    this.address = `${type}.${this.friendlyUniqueId}`
  }

  override toTerraform(): object {
    return { removed: [{ from: this.address, lifecycle: { destroy: false } }] }
  }
}
