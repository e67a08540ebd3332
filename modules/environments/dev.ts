import type { EnvironmentLiteral } from '../environment/environment.ts'

/** The guide's own shape on both clouds: one zone for all of Zilliz Cloud's names. */
export const dev = {
  name: 'dev',
  backend: { type: 'local' },
  tags: { team: 'search' },
  labels: { team: 'search' },
  links: {
    'aws-us-west-2': {
      cloud: 'aws',
      region: 'us-west-2',
      serviceName: 'com.amazonaws.vpce.us-west-2.vpce-svc-0123456789abcdef0',
      vpcId: 'vpc-0d1e2f3a4b5c60718',
      subnetIds: ['subnet-0d1e2f3a4b5c6071a', 'subnet-0d1e2f3a4b5c6071b'],
      zone: 'parent',
      hosts: ['https://in01-840ec44485bf25d-privatelink.aws-us-west-2.vectordb.zillizcloud.com:19531']
    },
    'gcp-us-west1': {
      cloud: 'gcp',
      project: 'search-dev',
      region: 'us-west1',
      serviceAttachment: 'projects/vdc-prod/regions/us-west1/serviceAttachments/vdc-prod-us-west1',
      network: 'default',
      subnetwork: 'default',
      endpointPrefix: 'zilliz',
      zone: 'parent',
      hosts: ['https://in01-61e949d971f841b-privatelink.gcp-us-west1.vectordb.zillizcloud.com:443']
    }
  }
} satisfies EnvironmentLiteral
