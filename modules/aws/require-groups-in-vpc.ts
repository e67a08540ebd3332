import { DataAwsSecurityGroup } from '@cdktf/provider-aws/lib/data-aws-security-group/index.js'
import type { Construct } from 'constructs'

export interface GroupsInVpc {
  readonly region: string
  readonly vpcId: string
  readonly securityGroupIds: readonly string[]
}

/**
 * Reads security groups at plan time, so that one that is not there, or of another VPC, stops the deploy before anything is made.
 * AWS refuses it only when it is to be attached.
 */
export function requireGroupsInVpc(scope: Construct, { region, vpcId, securityGroupIds }: GroupsInVpc): void {
  for (const id of securityGroupIds) {
    new DataAwsSecurityGroup(scope, id, {
      region,
      id,
      lifecycle: {
        postcondition: [
          {
            condition: `\${self.vpc_id == "${vpcId}"}`,
            errorMessage: `${scope.node.path}: ${id} must be in ${vpcId}, got a group of \${self.vpc_id}. Name a security group of the VPC of the link.`
          }
        ]
      }
    })
  }
}
