import { Annotations } from 'cdktf'
import type { Construct } from 'constructs'
import { addCheck } from '../expression.ts'

/**
 * The rules of one direction that AWS accepts in a security group unless the quota is raised. Rules for IPv4 and for IPv6 are
 * counted apart; a rule with a security group or prefix list counts in both.
 * https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html#vpc-limits-security-groups
 */
const rulesOfGroup = 60

/**
 * The security groups that AWS accepts on a network interface unless the quota is raised.
 * https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html#vpc-limits-security-groups
 */
const groupsOfInterface = 5

/** Rules of one direction that one security group gets. */
export interface RuleCount {
  /** The group: `the security group of the endpoint`. */
  readonly group: string
  readonly direction: 'inbound' | 'outbound'
  /** How the rules add up: `16 ports for each of 5 sources`. */
  readonly because: string
  readonly ipv4: number
  readonly ipv6: number
}

const raise = 'raise the quota "Inbound or outbound rules per security group" in AWS first'

/** Warns at synth of more rules than AWS accepts in a security group. */
export function warnOfManyRules(scope: Construct, { group, direction, because, ipv4, ipv6 }: RuleCount): void {
  const [count, family] = ipv4 >= ipv6 ? [ipv4, 'IPv4'] : [ipv6, 'IPv6']
  if (count <= rulesOfGroup) return
  Annotations.of(scope).addWarning(
    `${group} gets ${count} ${direction} rules for ${family}: ${because}. AWS accepts ${rulesOfGroup} unless the quota is raised. Give fewer and wider ranges, or ${raise}.`
  )
}

/**
 * Warns at plan of more inbound rules than AWS accepts in a security group, where their number is not known before.
 *
 * @param name of the check, unique in the stack
 * @param count a Terraform expression of their number, without `${}`
 */
export function checkManyRules(scope: Construct, name: string, group: string, count: string): void {
  addCheck(
    scope,
    name,
    `${count} <= ${rulesOfGroup}`,
    `${scope.node.path}: ${group} gets \${${count}} inbound rules for IPv4. AWS accepts ${rulesOfGroup} unless the quota is raised. Give fewer and wider ranges in sources, or ${raise}.`
  )
}

/** Warns at synth of more security groups than AWS accepts on a network interface. */
export function warnOfManyGroups(scope: Construct, who: string, count: number): void {
  if (count <= groupsOfInterface) return
  Annotations.of(scope).addWarning(
    `${who} has ${count} security groups attached, and AWS accepts ${groupsOfInterface} unless the quota is raised. Attach fewer, or raise the quota "Security groups per network interface" in AWS first.`
  )
}
