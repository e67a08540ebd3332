import type { Cloud } from '../cloud.ts'
import { stepsForAwsCause } from './cause-steps.ts'
import { configuration } from './configuration/configuration.ts'
import { awsMaker } from './configuration/own-machine.ts'
import { AwsRegion } from './region.ts'
import { remedies } from './remedies.ts'
import { AwsTarget, awsIds } from './target.ts'

/** AWS: interface endpoints, and private hosted zones of Route 53. */
export const aws: Cloud<'aws', typeof AwsTarget> = {
  id: 'aws',
  title: 'AWS',
  target: AwsTarget,
  example: {
    cloud: 'aws',
    name: 'prod/search/in01-840ec44485bf25d',
    environment: 'prod',
    region: 'us-west-2',
    host: 'in01-840ec44485bf25d-privatelink.aws-us-west-2.vectordb.zillizcloud.com',
    port: 19_531,
    vpcId: 'vpc-0a1b2c3d4e5f60718',
    hostedZoneId: 'Z0123456789ABCDEFGHIJ',
    endpointId: 'vpce-0ce90d01341533a5c',
    endpointDnsName: 'vpce-0ce90d01341533a5c-ngbqfdnj.vpce-svc-0b62964bfd0edfb74.us-west-2.vpce.amazonaws.com',
    securityGroupId: 'sg-0a1b2c3d4e5f60718'
  },
  region: AwsRegion,
  endpoint: {
    by: 'name',
    of: ({ endpointDnsName }) => endpointDnsName,
    oneAddressDown: 'each availability zone has one address: if it is down, the zone has failed',
    // `vpce-….vpce-svc-….us-west-2.vpce.amazonaws.com`, of an endpoint to a service of others.
    regional: /^vpce-[0-9a-z-]+\.vpce-svc-[0-9a-f]+\.[a-z0-9-]+\.vpce\.amazonaws\.com$/,
    // `vpce-…-…-us-west-2a.vpce-svc-…`
    zonal: /^vpce-[0-9a-z]+-[0-9a-z]+-[a-z]+(?:-[a-z]+)+-\d+[a-z]\./
  },
  // Seen in replies of Route 53 that people published.
  zones: {
    privatePrimary: 'ns-1536.awsdns-00.co.uk',
    publicPrimary: /^ns-\d+\.awsdns-\d+\.(com|net|org|co\.uk)$/
  },
  hasGlobalIpv6: true,
  // And, over IPv6, fd00:ec2::254.
  metadata: ['169.254.169.254/32', 'fd00:ec2::/32'],
  maker: awsMaker,
  resolver: '169.254.169.253',
  timeServer: '169.254.169.123',
  stepsFor: (entry, target) => remedies[entry](awsIds(target)),
  network: ({ vpcId }) => vpcId,
  registeredAs: ({ endpointId }) => endpointId,
  configuration,
  stepsForCause: (cause, target) => stepsForAwsCause(cause, awsIds(target))
}
