import type { EnvironmentLiteral } from '../../modules/environment/environment.ts'
import { dev } from '../../modules/environments/dev.ts'
import { AwsCloud } from '../standin/aws/aws-cloud.ts'
import { GoogleCloud } from '../standin/google/google-cloud.ts'

/** The two deploys that bring a private link up: before Zilliz Cloud has allocated its hosts, and after. */
export type Step = 'one' | 'two'

/** The environment of the demo: `dev` as it is, in its first step without hosts, with its state in `statePath`. */
export function sampleEnvironment(step: Step, statePath: string): EnvironmentLiteral {
  const { 'aws-us-west-2': aws, 'gcp-us-west1': gcp } = dev.links
  return {
    ...dev,
    backend: { type: 'local', path: statePath },
    links: {
      'aws-us-west-2': { ...aws, hosts: step === 'one' ? [] : aws.hosts },
      'gcp-us-west1': { ...gcp, hosts: step === 'one' ? [] : gcp.hosts }
    }
  }
}

/** Stand-in clouds that hold the networks of the sample environment; Zilliz Cloud has accepted nothing yet. */
export function sampleClouds(): { readonly aws: AwsCloud; readonly google: GoogleCloud } {
  const { 'aws-us-west-2': awsLink, 'gcp-us-west1': gcpLink } = dev.links
  const aws = new AwsCloud({
    region: awsLink.region,
    vpcs: [
      {
        id: awsLink.vpcId,
        cidrs: ['10.20.0.0/16'],
        subnets: awsLink.subnetIds.map((id, index) => ({
          id,
          cidr: `10.20.${index + 1}.0/24`,
          zone: `${awsLink.region}${'abc'.charAt(index)}`,
          zoneId: `usw2-az${index + 1}`
        }))
      }
    ]
  })
  const google = new GoogleCloud({
    project: gcpLink.project,
    region: gcpLink.region,
    networks: [{ name: gcpLink.network, subnetworks: [{ name: gcpLink.subnetwork, range: '10.138.0.0/20' }] }]
  })
  aws.acceptance = 'pending'
  google.acceptance = 'PENDING'
  return { aws, google }
}
