import { optionalText, text, textMap } from '../attributes.ts'
import type { Resource } from '../provider.ts'
import { type Attributes, isList, sameValue } from '../value.ts'
import { regionalArn } from './arn.ts'
import type { AwsCloud } from './aws-cloud.ts'
import { ec2Error } from './aws-error.ts'
import type { SecurityGroupRule } from './security-group-rule.ts'
import { prefixOf, uniqueName } from './unique-name.ts'

/** A security group; its rules are kept apart, as the API has them. */
export interface SecurityGroup {
  readonly id: string
  readonly region: string
  readonly vpcId: string
  readonly name: string
  readonly description: string
  tags: Record<string, string>
}

/** Plays aws_security_group, whose rules are resources of their own. */
export function securityGroup(cloud: AwsCloud): Resource {
  return {
    type: 'aws_security_group',
    forcesReplacement: ['description', 'name', 'name_prefix', 'vpc_id'],
    defaults: { description: 'Managed by Terraform', revoke_rules_on_delete: false },

    plan: ({ config }) => {
      for (const direction of ['ingress', 'egress']) {
        const rules = config[direction]
        if (isList(rules) && rules.length > 0) {
          throw new Error(`the stand-in plays no inline ${direction} rules; they are resources of their own`)
        }
      }
    },

    create: planned => {
      const vpcId = text(planned, 'vpc_id')
      const region = text(planned, 'region')
      const isTaken = (name: string) => [...cloud.securityGroups.values()].some(group => group.name === name)
      const name = optionalText(planned, 'name') ?? uniqueName(optionalText(planned, 'name_prefix'), isTaken)
      const doing = `creating Security Group (${name})`
      if (cloud.vpcs.get(vpcId)?.region !== region) {
        throw ec2Error(doing, {
          call: 'CreateSecurityGroup',
          code: 'InvalidVpcID.NotFound',
          message: `The vpc ID '${vpcId}' does not exist`
        })
      }
      if ([...cloud.securityGroups.values()].some(group => group.vpcId === vpcId && group.name === name)) {
        throw ec2Error(doing, {
          call: 'CreateSecurityGroup',
          code: 'InvalidGroup.Duplicate',
          message: `The security group '${name}' already exists for VPC '${vpcId}'`
        })
      }
      const id = `sg-0${cloud.identifiers.hex(16, 'security group', vpcId, optionalText(planned, 'name_prefix') ?? name)}`
      const tags = textMap(planned, 'tags_all')
      cloud.securityGroups.set(id, { id, region, vpcId, name, description: text(planned, 'description'), tags })
      cloud.note('CreateSecurityGroup', id)
      // AWS gives a new group a rule that allows all egress, which the provider takes away.
      cloud.note('RevokeSecurityGroupEgress', id)
      return id
    },

    read: ({ id }) => {
      const group = cloud.securityGroups.get(String(id))
      if (group === undefined) return undefined
      const rules = [...cloud.securityGroupRules.values()].filter(rule => rule.securityGroupId === group.id)
      return {
        arn: regionalArn(cloud, 'ec2', group.region, `security-group/${group.id}`),
        description: group.description,
        egress: rules.filter(({ direction }) => direction === 'egress').map(inlineRule),
        ingress: rules.filter(({ direction }) => direction === 'ingress').map(inlineRule),
        name: group.name,
        name_prefix: prefixOf(group.name),
        owner_id: cloud.accountId,
        region: group.region,
        tags_all: group.tags,
        vpc_id: group.vpcId
      }
    },

    update: (planned, prior) => {
      const group = cloud.securityGroups.get(text(prior, 'id'))
      if (group !== undefined && !sameValue(planned.tags_all, prior.tags_all)) {
        group.tags = textMap(planned, 'tags_all')
        cloud.note('CreateTags', group.id)
      }
    },

    delete: ({ id }) => {
      const group = cloud.securityGroups.get(String(id))
      if (group === undefined) return
      if (isInUse(cloud, group)) {
        throw ec2Error(`deleting Security Group (${group.id})`, {
          call: 'DeleteSecurityGroup',
          code: 'DependencyViolation',
          message: `resource ${group.id} has a dependent object`
        })
      }
      cloud.securityGroups.delete(group.id)
      for (const rule of cloud.securityGroupRules.values()) {
        if (rule.securityGroupId === group.id) cloud.securityGroupRules.delete(rule.id)
      }
      cloud.note('DeleteSecurityGroup', group.id)
    }
  }
}

function isInUse(cloud: AwsCloud, { id }: SecurityGroup): boolean {
  return (
    [...cloud.vpcEndpoints.values()].some(endpoint => endpoint.securityGroupIds.includes(id)) ||
    [...cloud.ecsServices.values()].some(({ task }) => task?.securityGroupIds.includes(id)) ||
    [...cloud.securityGroupRules.values()].some(rule => rule.securityGroupId !== id && rule.source.groupId === id)
  )
}

function inlineRule({
  source,
  description,
  protocol,
  fromPort,
  toPort,
  securityGroupId
}: SecurityGroupRule): Attributes {
  const group = source.groupId
  return {
    cidr_blocks: source.cidrIpv4 === undefined ? [] : [source.cidrIpv4],
    description: description ?? '',
    from_port: Math.max(fromPort, 0),
    ipv6_cidr_blocks: source.cidrIpv6 === undefined ? [] : [source.cidrIpv6],
    prefix_list_ids: source.prefixListId === undefined ? [] : [source.prefixListId],
    protocol,
    security_groups: group === undefined || group === securityGroupId ? [] : [group],
    self: group === securityGroupId,
    to_port: Math.max(toPort, 0)
  }
}
