import { optionalText } from '../attributes.ts'
import type { Change, Provider } from '../provider.ts'
import { sameValue } from '../value.ts'
import type { AwsCloud } from './aws-cloud.ts'
import { requireAllowedAccount } from './caller.ts'
import { callerIdentityData } from './caller-identity.ts'
import { cloudwatchLogGroup } from './cloudwatch-log-group.ts'
import { connectionNotification } from './connection-notification.ts'
import { managedPrefixListData } from './ec2-managed-prefix-list.ts'
import { ecsCluster } from './ecs-cluster.ts'
import { ecsService } from './ecs-service.ts'
import { ecsTaskDefinition } from './ecs-task-definition.ts'
import { iamRole } from './iam-role.ts'
import { iamRolePolicy } from './iam-role-policy.ts'
import { regionData } from './region.ts'
import { route53Record } from './route53-record.ts'
import { route53VpcAssociationAuthorization } from './route53-vpc-association-authorization.ts'
import { route53Zone } from './route53-zone.ts'
import { route53ZoneAssociation } from './route53-zone-association.ts'
import { route53ZoneData } from './route53-zone-data.ts'
import { profileResourceAssociation } from './route53profiles-resource-association.ts'
import { securityGroup } from './security-group.ts'
import { securityGroupData } from './security-group-data.ts'
import { securityGroupRule } from './security-group-rule.ts'
import { privateDnsNamespace } from './service-discovery-private-dns-namespace.ts'
import { discoveryService } from './service-discovery-service.ts'
import { subnet, subnetData } from './subnet.ts'
import { planTags, readTags } from './tags.ts'
import { vpc, vpcData } from './vpc.ts'
import { vpcEndpoint } from './vpc-endpoint.ts'
import { networkInterfaceData, vpcEndpointData } from './vpc-endpoint-data.ts'

/** Plays hashicorp/aws over accounts in memory. */
export function awsProvider(cloud: AwsCloud): Provider {
  return {
    name: 'aws',
    resources: [
      cloudwatchLogGroup(cloud),
      connectionNotification(cloud),
      discoveryService(cloud),
      ecsCluster(cloud),
      ecsService(cloud),
      ecsTaskDefinition(cloud),
      iamRole(cloud),
      iamRolePolicy(cloud),
      privateDnsNamespace(cloud),
      profileResourceAssociation(cloud),
      route53Record(cloud),
      route53VpcAssociationAuthorization(cloud),
      route53Zone(cloud),
      route53ZoneAssociation(cloud),
      securityGroup(cloud),
      securityGroupRule(cloud, 'ingress'),
      securityGroupRule(cloud, 'egress'),
      subnet(cloud),
      vpc(cloud),
      vpcEndpoint(cloud)
    ],
    dataSources: [
      callerIdentityData(cloud),
      managedPrefixListData(cloud),
      networkInterfaceData(cloud),
      regionData(cloud),
      route53ZoneData(cloud),
      securityGroupData(cloud),
      subnetData(cloud),
      vpcData(cloud),
      vpcEndpointData(cloud)
    ],
    configure: settings => requireAllowedAccount(cloud, settings),
    plan: (change, settings) => {
      planRegion(change, optionalText(settings, 'region') ?? cloud.region)
      planTags(change, settings)
    },
    read: readTags
  }
}

function planRegion({ prior, config, planned, replace }: Change, region: string): void {
  if (!('region' in planned)) return
  if (config.region === null) planned.region = region
  if (prior !== undefined && !sameValue(prior.region, planned.region)) replace.add('region')
}
