import { optionalNumber, optionalText, text, textMap } from '../attributes.ts'
import { CloudError } from '../cloud-error.ts'
import type { Resource } from '../provider.ts'
import { type Attributes, sameValue, type Value } from '../value.ts'
import { regionalArn } from './arn.ts'
import type { AwsCloud } from './aws-cloud.ts'
import { ec2Answer, type Refusal } from './aws-error.ts'
import { isAwsPrefixList } from './ec2-managed-prefix-list.ts'

/** A rule of a security group. */
export interface SecurityGroupRule {
  readonly id: string
  readonly region: string
  readonly securityGroupId: string
  readonly direction: Direction
  source: RuleSource
  protocol: string
  /** -1 is every port. */
  fromPort: number
  toPort: number
  description: string | undefined
  tags: Record<string, string>
}

/** Whether a rule lets in or out. */
export type Direction = 'ingress' | 'egress'

/** The other side of a rule: exactly one is given. */
export interface RuleSource {
  readonly cidrIpv4?: string
  readonly cidrIpv6?: string
  readonly groupId?: string
  readonly prefixListId?: string
}

const sourceAttributes = ['cidr_ipv4', 'cidr_ipv6', 'prefix_list_id', 'referenced_security_group_id']

/** Plays aws_vpc_security_group_ingress_rule or its twin for egress. */
export function securityGroupRule(cloud: AwsCloud, direction: Direction): Resource {
  const authorize = direction === 'ingress' ? 'AuthorizeSecurityGroupIngress' : 'AuthorizeSecurityGroupEgress'
  const revoke = direction === 'ingress' ? 'RevokeSecurityGroupIngress' : 'RevokeSecurityGroupEgress'
  return {
    type: `aws_vpc_security_group_${direction}_rule`,
    forcesReplacement: ['security_group_id'],

    plan: ({ prior, config, planned, replace }) => {
      const given = sourceAttributes.filter(name => config[name] !== null)
      if (given.length !== 1) {
        throw new CloudError(
          given.length === 0 ? 'Missing Attribute Configuration' : 'Invalid Attribute Combination',
          `Exactly one of these attributes must be configured: [${sourceAttributes.join(',')}]`
        )
      }
      // A rule can change what it allows, but not the kind of its other side.
      for (const name of sourceAttributes) {
        if (prior !== undefined && (prior[name] === null) !== (planned[name] === null)) replace.add(name)
      }
    },

    create: planned => {
      const securityGroupId = text(planned, 'security_group_id')
      const rule = ruleOf(planned)
      if (!cloud.securityGroups.has(securityGroupId)) {
        throw refusal('creating VPC Security Group Rule', {
          call: authorize,
          code: 'InvalidGroup.NotFound',
          message: `The security group '${securityGroupId}' does not exist`
        })
      }
      const doing = 'creating VPC Security Group Rule'
      requireSource(cloud, doing, authorize, { ...rule, region: text(planned, 'region') })
      requireNew(cloud, doing, authorize, { ...rule, id: '', securityGroupId, direction })
      const id = `sgr-0${cloud.identifiers.hex(16, direction, securityGroupId, JSON.stringify(rule.source), `${rule.fromPort}`)}`
      const tags = textMap(planned, 'tags_all')
      cloud.securityGroupRules.set(id, {
        ...rule,
        id,
        region: text(planned, 'region'),
        securityGroupId,
        direction,
        tags
      })
      cloud.note(authorize, id)
      return id
    },

    read: ({ id, from_port, to_port }) => {
      const rule = cloud.securityGroupRules.get(String(id))
      if (rule === undefined || rule.direction !== direction) return undefined
      const port = (number: number, before: Value | undefined) => (number === -1 && before === null ? null : number)
      return {
        arn: regionalArn(cloud, 'ec2', rule.region, `security-group-rule/${rule.id}`),
        cidr_ipv4: rule.source.cidrIpv4 ?? null,
        cidr_ipv6: rule.source.cidrIpv6 ?? null,
        description: rule.description ?? null,
        from_port: port(rule.fromPort, from_port),
        ip_protocol: rule.protocol,
        prefix_list_id: rule.source.prefixListId ?? null,
        referenced_security_group_id: rule.source.groupId ?? null,
        region: rule.region,
        security_group_id: rule.securityGroupId,
        security_group_rule_id: rule.id,
        tags_all: rule.tags,
        to_port: port(rule.toPort, to_port)
      }
    },

    update: (planned, prior) => {
      const rule = cloud.securityGroupRules.get(text(prior, 'id'))
      if (rule === undefined) return
      const changed = { ...rule, ...ruleOf(planned) }
      if (!sameValue(withoutTags(planned), withoutTags(prior))) {
        const doing = `updating VPC Security Group Rule (${rule.id})`
        requireSource(cloud, doing, 'ModifySecurityGroupRules', changed)
        requireNew(cloud, doing, 'ModifySecurityGroupRules', changed)
        cloud.securityGroupRules.set(rule.id, changed)
        cloud.note('ModifySecurityGroupRules', rule.id)
      }
      if (!sameValue(planned.tags_all, prior.tags_all)) {
        cloud.securityGroupRules.set(rule.id, { ...changed, tags: textMap(planned, 'tags_all') })
        cloud.note('CreateTags', rule.id)
      }
    },

    delete: ({ id }) => {
      if (cloud.securityGroupRules.delete(String(id))) cloud.note(revoke, String(id))
    }
  }
}

type RuleContent = Pick<SecurityGroupRule, 'source' | 'protocol' | 'fromPort' | 'toPort' | 'description'>

function ruleOf(planned: Attributes): RuleContent {
  return {
    source: sourceOf(planned),
    protocol: text(planned, 'ip_protocol'),
    fromPort: optionalNumber(planned, 'from_port') ?? -1,
    toPort: optionalNumber(planned, 'to_port') ?? -1,
    description: optionalText(planned, 'description')
  }
}

function sourceOf(planned: Attributes): RuleSource {
  const cidrIpv4 = optionalText(planned, 'cidr_ipv4')
  if (cidrIpv4 !== undefined) return { cidrIpv4 }
  const cidrIpv6 = optionalText(planned, 'cidr_ipv6')
  if (cidrIpv6 !== undefined) return { cidrIpv6 }
  const prefixListId = optionalText(planned, 'prefix_list_id')
  return prefixListId === undefined ? { groupId: text(planned, 'referenced_security_group_id') } : { prefixListId }
}

function peerOf({ cidrIpv4, cidrIpv6, groupId, prefixListId }: RuleSource): string {
  return cidrIpv4 ?? cidrIpv6 ?? groupId ?? prefixListId ?? ''
}

function requireSource(
  cloud: AwsCloud,
  doing: string,
  call: string,
  { source: { groupId, prefixListId }, region }: Pick<SecurityGroupRule, 'source' | 'region'>
): void {
  // A group of another account, over a peering, is given as `account/group`.
  if (groupId !== undefined && !groupId.includes('/') && !cloud.securityGroups.has(groupId)) {
    const message = `The security group '${groupId}' does not exist`
    throw refusal(doing, { call, code: 'InvalidGroup.NotFound', message })
  }
  if (prefixListId === undefined) return
  if (!/^pl-([0-9a-f]{8}|[0-9a-f]{17})$/.test(prefixListId)) {
    const message = `Invalid prefix list ID: '${prefixListId}'`
    throw refusal(doing, { call, code: 'InvalidPrefixListId.Malformed', message })
  }
  if (cloud.prefixLists?.has(prefixListId) === false && !isAwsPrefixList(prefixListId, region)) {
    const message = `The prefix list ID '${prefixListId}' does not exist`
    throw refusal(doing, { call, code: 'InvalidPrefixListID.NotFound', message })
  }
}

type ComparedRule = Pick<
  SecurityGroupRule,
  'id' | 'direction' | 'securityGroupId' | 'source' | 'protocol' | 'fromPort' | 'toPort'
>

function requireNew(cloud: AwsCloud, doing: string, call: string, rule: ComparedRule): void {
  const signature = ({ direction, securityGroupId, source, protocol, fromPort, toPort }: ComparedRule) =>
    [direction, securityGroupId, peerOf(source), protocol, fromPort, toPort].join(' ')
  const twin = [...cloud.securityGroupRules.values()].find(
    other => other.id !== rule.id && signature(other) === signature(rule)
  )
  if (twin === undefined) return
  const ports = rule.fromPort === -1 ? [] : [`from port: ${rule.fromPort}`, `to port: ${rule.toPort}`]
  const protocol = rule.protocol === '-1' ? 'ALL' : rule.protocol.toUpperCase()
  const named = [`peer: ${peerOf(rule.source)}`, protocol, ...ports, 'ALLOW'].join(', ')
  const message = `the specified rule "${named}" already exists`
  throw refusal(doing, { call, code: 'InvalidPermission.Duplicate', message })
}

// This is a resource of the newer framework, which tells what it was doing apart from what went wrong.
function refusal(doing: string, answer: Refusal): CloudError {
  return new CloudError(doing, ec2Answer(answer))
}

function withoutTags(attributes: Attributes): Attributes {
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => !name.startsWith('tags')))
}
