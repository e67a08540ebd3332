import type { EnvironmentLiteral } from '../../modules/environment/environment.ts'

type LinkLiteral = EnvironmentLiteral['links'][string]
type AwsLiteral = Extract<LinkLiteral, { cloud: 'aws' }>
type GcpLiteral = Extract<LinkLiteral, { cloud: 'gcp' }>

/** A well-formed link on AWS, with two hosts on different ports. */
export const awsLink = {
  cloud: 'aws',
  region: 'us-west-2',
  serviceName: 'com.amazonaws.vpce.us-west-2.vpce-svc-0123456789abcdef0',
  vpcId: 'vpc-0a1b2c3d4e5f60718',
  subnetIds: ['subnet-0a1b2c3d4e5f6071a', 'subnet-0a1b2c3d4e5f6071b'],
  zone: 'per-host',
  hosts: [
    'https://in01-840ec44485bf25d-privatelink.aws-us-west-2.vectordb.zillizcloud.com:19531',
    'https://in01-9c3d7e8f1a2b4c6-privatelink.aws-us-west-2.vectordb.zillizcloud.com:19532'
  ]
} satisfies LinkLiteral

/** A well-formed link on Google Cloud. */
export const gcpLink = {
  cloud: 'gcp',
  project: 'search-test',
  region: 'us-west1',
  serviceAttachment: 'projects/vdc-prod/regions/us-west1/serviceAttachments/vdc-prod-us-west1',
  network: 'default',
  subnetwork: 'default',
  endpointPrefix: 'zilliz',
  zone: 'per-host',
  hosts: ['https://in01-61e949d971f841b-privatelink.gcp-us-west1.vectordb.zillizcloud.com:443']
} satisfies LinkLiteral

/** The probe of the link on AWS. */
export const awsProbe = {
  image: '123456789012.dkr.ecr.us-west-2.amazonaws.com/privatelink-probe:1.0.0',
  scrapeFrom: ['10.20.9.0/24', 'sg-0a1b2c3d4e5f60718']
} satisfies AwsLiteral['probe']

/** The probe of the link on Google Cloud. */
export const gcpProbe = {
  image: 'us-west1-docker.pkg.dev/search-test/containers/privatelink-probe:1.0.0',
  scrapeFrom: ['10.138.64.0/20', 'prometheus'],
  zones: ['us-west1-a', 'us-west1-b']
} satisfies GcpLiteral['probe']

/** A well-formed environment with a link on each cloud. */
export const environment = {
  name: 'test',
  backend: { type: 'local' },
  links: { search: awsLink, papers: gcpLink }
} satisfies EnvironmentLiteral
