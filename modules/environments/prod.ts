import type { EnvironmentLiteral } from '../environment/environment.ts'

/** A zone for each host, which hides no other name; several clusters behind one endpoint; endpoints that must stay; a probe in each network. */
export const prod = {
  name: 'prod',
  backend: { type: 's3', bucket: 'search-terraform-state', region: 'us-west-2' },
  aws: { region: 'us-west-2', allowedAccountIds: ['123456789012'] },
  protect: ['aws-us-west-2', 'gcp-us-west1'],
  tags: { CostCenter: 'search' },
  labels: { 'cost-center': 'search' },
  links: {
    'aws-us-west-2': {
      cloud: 'aws',
      region: 'us-west-2',
      serviceName: 'com.amazonaws.vpce.us-west-2.vpce-svc-0123456789abcdef0',
      vpcId: 'vpc-0123456789abcdef0',
      subnetIds: ['subnet-0123456789abcdefa', 'subnet-0123456789abcdefb', 'subnet-0123456789abcdefc'],
      zone: 'per-host',
      hosts: [
        'https://in01-5b1f5b6e6d0c4a2-privatelink.aws-us-west-2.vectordb.zillizcloud.com:19531',
        'https://in01-9c3d7e8f1a2b4c6-privatelink.aws-us-west-2.vectordb.zillizcloud.com:19532'
      ],
      sources: ['10.20.0.0/16', '10.21.0.0/16'],
      probe: {
        image: '123456789012.dkr.ecr.us-west-2.amazonaws.com/privatelink-probe:0.1.0',
        scrapeFrom: ['10.20.9.0/24']
      }
    },
    'gcp-us-west1': {
      cloud: 'gcp',
      project: 'search-prod',
      region: 'us-west1',
      serviceAttachment: 'projects/vdc-prod/regions/us-west1/serviceAttachments/vdc-prod-us-west1',
      network: 'production',
      subnetwork: 'production-us-west1',
      endpointPrefix: 'zilliz',
      zone: 'per-host',
      hosts: ['https://in01-0a1b2c3d4e5f607-privatelink.gcp-us-west1.vectordb.zillizcloud.com:443'],
      probe: {
        image: 'us-west1-docker.pkg.dev/search-prod/containers/privatelink-probe:0.1.0',
        zones: ['us-west1-a', 'us-west1-b'],
        scrapeFrom: ['10.138.64.0/20']
      }
    }
  }
} satisfies EnvironmentLiteral
