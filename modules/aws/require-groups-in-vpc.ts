import { DataAwsSecurityGroup } from '@cdktf/provider-aws/lib/data-aws-security-group/index.js'
import type { Construct } from 'constructs'
import { type Elements, lengthNote } from '../elements.ts'
import { expression, raw } from '../expression.ts'
import { isToken } from '../token.ts'

export interface GroupsInVpc {
  readonly region: string
  readonly vpcId: string
  readonly securityGroupIds: Elements
  /** The construct and its prop, for an error. */
  readonly where: string
}

/**
 * Reads security groups at plan time, so that one that is not there, or of another VPC, stops the deploy before anything is made.
 * AWS refuses it only when it is to be attached.
 */
export function requireGroupsInVpc(scope: Construct, { region, vpcId, securityGroupIds, where }: GroupsInVpc): void {
  const dataOf = (key: string, id: string, shown: string) =>
    new DataAwsSecurityGroup(scope, key, {
      region,
      id,
      lifecycle: {
        postcondition: [
          {
            condition: expression`self.vpc_id == ${vpcId}`,
            errorMessage: `${scope.node.path}: ${shown} must be in ${vpcId}, got a group of \${self.vpc_id}. Name a security group of the VPC of the link.`
          }
        ]
      }
    })
  for (const [index, { value }] of securityGroupIds.elements.entries()) {
    dataOf(isToken(value) ? String(index) : value, value, value)
  }
  for (const [ordinal, list] of securityGroupIds.lists.entries()) {
    const data = dataOf(`list-${ordinal}`, expression`tolist(${list})[count.index]`, '${self.id}')
    data.addOverride('count', expression`length(${list}) ${raw(lengthNote(where))}`)
  }
}
