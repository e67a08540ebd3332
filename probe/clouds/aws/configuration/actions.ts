/** The permissions that the calls need, as a policy spells them. */
export const awsActions = [
  'ec2:DescribeDhcpOptions',
  'ec2:DescribeNetworkAcls',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeRouteTables',
  'ec2:DescribeSecurityGroupRules',
  'ec2:DescribeVpcAttribute',
  'ec2:DescribeVpcEndpoints',
  'ec2:DescribeVpcs',
  'ec2:GetManagedPrefixListEntries',
  'route53:GetHostedZone',
  'route53:ListHostedZonesByVPC',
  'route53:ListResourceRecordSets',
  'route53profiles:ListProfileAssociations',
  'route53profiles:ListProfileResourceAssociations',
  'route53resolver:ListFirewallDomains',
  'route53resolver:ListFirewallRuleGroupAssociations',
  'route53resolver:ListFirewallRules',
  'route53resolver:ListResolverRuleAssociations',
  'route53resolver:ListResolverRules',
  'sts:GetCallerIdentity'
] as const
export type AwsAction = (typeof awsActions)[number]

/** Route 53 takes five requests a second from a whole account, and the user's Terraform needs them as well. */
export function awsPause(action: string) {
  return action.startsWith('route53:') ? { service: 'route53', ms: 1000 } : undefined
}
