import { optionalText } from '../attributes.ts'
import type { Change, Provider } from '../provider.ts'
import { sameValue } from '../value.ts'
import type { AwsCloud } from './aws-cloud.ts'
import { requireAllowedAccount } from './caller.ts'
import { connectionNotification } from './connection-notification.ts'
import { route53Record } from './route53-record.ts'
import { route53VpcAssociationAuthorization } from './route53-vpc-association-authorization.ts'
import { route53Zone } from './route53-zone.ts'
import { route53ZoneAssociation } from './route53-zone-association.ts'
import { route53ZoneData } from './route53-zone-data.ts'
import { securityGroup } from './security-group.ts'
import { securityGroupRule } from './security-group-rule.ts'
import { subnetData } from './subnet.ts'
import { planTags, readTags } from './tags.ts'
import { vpcData } from './vpc.ts'
import { vpcEndpoint } from './vpc-endpoint.ts'

/** Plays hashicorp/aws over accounts in memory. */
export function awsProvider(cloud: AwsCloud): Provider {
  return {
    name: 'aws',
    resources: [
      connectionNotification(cloud),
      route53Record(cloud),
      route53VpcAssociationAuthorization(cloud),
      route53Zone(cloud),
      route53ZoneAssociation(cloud),
      securityGroup(cloud),
      securityGroupRule(cloud, 'ingress'),
      securityGroupRule(cloud, 'egress'),
      vpcEndpoint(cloud)
    ],
    dataSources: [route53ZoneData(cloud), subnetData(cloud), vpcData(cloud)],
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
