import { AwsCloud } from '../standin/aws/aws-cloud.ts'
import type { AwsSeed, HostedZoneSeed } from '../standin/aws/aws-seed.ts'
import { GoogleCloud } from '../standin/google/google-cloud.ts'
import type { GoogleSeed, ManagedZoneSeed } from '../standin/google/google-seed.ts'
import { ZillizCloud } from '../standin/zilliz/zilliz-cloud.ts'
import type { ClusterSeed, RegionSeed } from '../standin/zilliz/zilliz-seed.ts'
import { awsLink, gcpLink } from './literals.ts'

/** The host of the examples on AWS. */
export const awsHost = 'in01-840ec44485bf25d-privatelink.aws-us-west-2.vectordb.zillizcloud.com'

/** The host of the examples on Google Cloud. */
export const gcpHost = 'in01-61e949d971f841b-privatelink.gcp-us-west1.vectordb.zillizcloud.com'

/** A VPC of clients who reach the endpoint by peering. */
export const peerVpcId = 'vpc-0a1b2c3d4e5f60799'

/** A VPC without clients. */
export const stagingVpcId = 'vpc-0a1b2c3d4e5f607ff'

/** A VPC of the same account in another region. */
export const farVpc = { vpcId: 'vpc-0a1b2c3d4e5f607bb', region: 'us-east-1' }

/** VPCs of two other accounts, one of them in another region. */
export const theirVpc = { vpcId: 'vpc-0a1b2c3d4e5f607aa', region: 'us-west-2', accountId: '210987654321' }
export const farTheirVpc = { vpcId: 'vpc-0a1b2c3d4e5f607cc', region: 'eu-west-1', accountId: '345678901234' }

/** Roles of these accounts that associate their VPCs. */
export const vpcRoleArns = [theirVpc, farTheirVpc].map(({ accountId }) => `arn:aws:iam::${accountId}:role/network`)

/** A Route 53 Profile of the network's owner, with a VPC of another account. */
export const profile = { id: 'rp-0a1b2c3d4e5f6071', vpcs: [theirVpc.vpcId] }

/** What was made by hand on AWS, after the guide. */
export const awsByHand = { endpointId: 'vpce-0ce90d01341533a5c', zoneId: 'Z0777777777ABCDEFGHIJ' }

/** What was made by hand on Google Cloud, after the guide. */
export const gcpByHand = { endpointName: 'zilliz-endpoint', addressName: 'zilliz-endpoint-ip' }

/** Private zones that others made: of the same account, of another, and one that is public. */
export const ownZone = {
  id: 'Z0123456789ABCDEFGHIJ',
  name: 'aws-us-west-2.vectordb.zillizcloud.com',
  vpcs: [awsLink.vpcId]
}
export const theirZone = {
  id: 'Z0999999999ABCDEFGHIJ',
  name: 'zillizcloud.com',
  accountId: '210987654321',
  vpcs: [peerVpcId]
}
export const publicZone = { id: 'Z0888888888ABCDEFGHIJ', name: 'example.com' }

/** An endpoint of the network team on AWS, in a VPC of the same account. */
export const sharedEndpoint = {
  id: 'vpce-0feedfacefeedface',
  serviceName: awsLink.serviceName,
  vpcId: awsLink.vpcId,
  subnetIds: awsLink.subnetIds,
  securityGroupIds: ['sg-0a1b2c3d4e5f60719'],
  tags: { Name: 'network-zilliz' }
}

/** An endpoint of the network team on Google Cloud, in the host project of the Shared VPC. */
export const sharedRule = {
  name: 'network-zilliz',
  project: 'net-host-123',
  network: 'shared',
  address: '10.140.0.77',
  target: gcpLink.serviceAttachment
}

/** A role for probes that a person made. */
export const ownRole = {
  name: 'zilliz-probe',
  path: '/zilliz-privatelink/',
  service: 'ecs-tasks.amazonaws.com',
  policy: JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Action: 'ecr:GetAuthorizationToken', Resource: '*' },
      {
        Effect: 'Allow',
        Action: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
        Resource: 'arn:aws:ecr:us-west-2:123456789012:repository/privatelink-probe'
      }
    ]
  })
}

/** A service account for probes that a person made. */
export const ownServiceAccount = { accountId: 'zilliz-probe' }

/** The AWS account of the examples: networks, clients' security groups, and zones that others made. */
export function awsWorld(...hostedZones: readonly HostedZoneSeed[]): AwsCloud {
  return awsAccount({ hostedZones })
}

/** The same account, in which a person has made a role for probes. */
export function awsWorldWithRole(...hostedZones: readonly HostedZoneSeed[]): AwsCloud {
  return awsAccount({ hostedZones, roles: [ownRole] })
}

/** The same account, in which the network team has made an endpoint too. */
export function awsWorldOfOthers(...hostedZones: readonly HostedZoneSeed[]): AwsCloud {
  return awsAccount({ hostedZones, roles: [ownRole], vpcEndpoints: [sharedEndpoint] })
}

function awsAccount(seed: Pick<AwsSeed, 'hostedZones' | 'roles' | 'vpcEndpoints'>): AwsCloud {
  return new AwsCloud({
    ...seed,
    vpcs: [
      {
        id: awsLink.vpcId,
        cidrs: ['10.20.0.0/16'],
        ipv6Cidr: '2600:1f14:abc:de00::/56',
        subnets: awsLink.subnetIds.map((id, index) => ({
          id,
          cidr: `10.20.${index + 1}.0/24`,
          ipv6Cidr: `2600:1f14:abc:de0${index + 1}::/64`,
          zone: `us-west-2${'ab'.charAt(index)}`,
          zoneId: `usw2-az${index + 1}`
        }))
      },
      { id: peerVpcId, cidrs: ['10.30.0.0/16'], subnets: [] },
      { id: stagingVpcId, cidrs: ['10.40.0.0/16'], subnets: [] },
      { id: farVpc.vpcId, region: farVpc.region, cidrs: ['10.60.0.0/16'], subnets: [] },
      ...[theirVpc, farTheirVpc].map(({ vpcId: id, region, accountId }, index) => ({
        id,
        region,
        accountId,
        cidrs: [`10.${70 + index}.0.0/16`],
        subnets: []
      }))
    ],
    profiles: [profile],
    securityGroups: [
      { id: 'sg-0a1b2c3d4e5f60718', vpcId: awsLink.vpcId },
      { id: 'sg-0a1b2c3d4e5f60719', vpcId: awsLink.vpcId }
    ]
  })
}

/** The same account, in which a person has followed the guide. */
export function awsWorldByHand(): AwsCloud {
  return new AwsCloud({
    vpcs: [
      {
        id: awsLink.vpcId,
        cidrs: ['10.20.0.0/16'],
        subnets: awsLink.subnetIds.map((id, index) => ({
          id,
          cidr: `10.20.${index + 1}.0/24`,
          zone: `us-west-2${'ab'.charAt(index)}`,
          zoneId: `usw2-az${index + 1}`
        }))
      }
    ],
    securityGroups: [{ id: 'sg-0a1b2c3d4e5f60718', vpcId: awsLink.vpcId }],
    vpcEndpoints: [
      {
        id: awsByHand.endpointId,
        serviceName: awsLink.serviceName,
        vpcId: awsLink.vpcId,
        subnetIds: awsLink.subnetIds,
        securityGroupIds: ['sg-0a1b2c3d4e5f60718']
      }
    ],
    hostedZones: [{ id: awsByHand.zoneId, name: 'vectordb.zillizcloud.com', vpcs: [awsLink.vpcId] }]
  })
}

/** A private zone of Google Cloud that others made. */
export const internalZone = {
  project: 'net-host-123',
  zoneName: 'internal',
  dnsName: 'gcp-us-west1.vectordb.zillizcloud.com.',
  networks: [`projects/${gcpLink.project}/global/networks/default`]
}

/** Networks of other projects whose clients reach the endpoint. */
export const spokeNetworks = ['projects/spoke-one-123', 'projects/spoke-one-123', 'projects/spoke-two-123'].map(
  (project, index) => `${project}/global/networks/spoke-${index}`
)

/** The projects of the examples: networks, a Shared VPC, and zones that others made. */
export function googleWorld(...managedZones: readonly ManagedZoneSeed[]): GoogleCloud {
  return googleProjects({ managedZones })
}

/** The same projects, in which a person has made a service account for probes. */
export function googleWorldWithAccount(...managedZones: readonly ManagedZoneSeed[]): GoogleCloud {
  return googleProjects({ managedZones, serviceAccounts: [ownServiceAccount] })
}

/** The same projects, in which the network team has made an endpoint too. */
export function googleWorldOfOthers(...managedZones: readonly ManagedZoneSeed[]): GoogleCloud {
  const serviceAccounts = [ownServiceAccount]
  const address = { name: 'network-zilliz', project: sharedRule.project, subnetwork: 'shared-us-west1' }
  return googleProjects({
    managedZones,
    serviceAccounts,
    addresses: [{ ...address, address: sharedRule.address }],
    forwardingRules: [sharedRule]
  })
}

function googleProjects(
  seed: Pick<GoogleSeed, 'managedZones' | 'serviceAccounts' | 'addresses' | 'forwardingRules'>
): GoogleCloud {
  return new GoogleCloud({
    ...seed,
    project: gcpLink.project,
    networks: [
      { name: 'default', subnetworks: [{ name: 'default', range: '10.138.0.0/20' }] },
      { name: 'other', subnetworks: [] },
      {
        name: 'shared',
        project: 'net-host-123',
        subnetworks: [{ name: 'shared-us-west1', range: '10.140.0.0/20' }]
      },
      ...spokeNetworks.map(path => {
        const [, project = '', , , name = ''] = path.split('/')
        return { name, project, subnetworks: [] }
      })
    ]
  })
}

/** The same projects, in which a person has followed the guide. */
export function googleWorldByHand(): GoogleCloud {
  const network = `projects/${gcpLink.project}/global/networks/default`
  return new GoogleCloud({
    project: gcpLink.project,
    networks: [{ name: 'default', subnetworks: [{ name: 'default', range: '10.138.0.0/20' }] }],
    addresses: [{ name: gcpByHand.addressName, subnetwork: 'default', address: '10.138.0.77' }],
    forwardingRules: [
      {
        name: gcpByHand.endpointName,
        network: 'default',
        address: '10.138.0.77',
        target: gcpLink.serviceAttachment
      }
    ],
    managedZones: [
      {
        zoneName: 'zilliz-privatelink-zone',
        dnsName: 'vectordb.zillizcloud.com.',
        networks: [network],
        records: [{ name: `${gcpHost}.`, type: 'A', ttl: 60, values: ['10.138.0.77'] }]
      }
    ]
  })
}

/** The project of the clusters of the examples. */
export const zillizProject = 'proj-0a1b2c3d4e5f60718293a4'

/**
 * Zilliz Cloud as the examples see it: a project with the clusters of the hosts, and another project.
 *
 * @param region what it publishes in the region of the link on AWS
 * @param clusters more of them
 */
export function zillizWorld({
  region = { endpointService: awsLink.serviceName },
  clusters = []
}: {
  readonly region?: Omit<RegionSeed, 'id'>
  readonly clusters?: readonly ClusterSeed[]
} = {}): ZillizCloud {
  const onAws = { projectId: zillizProject, regionId: 'aws-us-west-2' }
  return new ZillizCloud({
    projects: [{ id: zillizProject }, { id: 'proj-0000000000000000000000' }],
    regions: [
      { id: 'aws-us-west-2', ...region },
      { id: 'gcp-us-west1', endpointService: gcpLink.serviceAttachment }
    ],
    clusters: [
      { ...onAws, id: 'in01-840ec44485bf25d', privatePort: 19531 },
      { ...onAws, id: 'in01-9c3d7e8f1a2b4c6', privatePort: 19532 },
      { id: 'in01-61e949d971f841b', projectId: zillizProject, regionId: 'gcp-us-west1', privatePort: 443 },
      ...clusters
    ]
  })
}
