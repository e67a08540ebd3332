import type { EnvironmentLiteral } from '../environment/environment.ts'

/** Step one: the endpoint is deployed, and Zilliz Cloud has not allocated a host yet. */
export const staging = {
  name: 'staging',
  backend: { type: 'local' },
  links: {
    'aws-eu-central-1': {
      cloud: 'aws',
      region: 'eu-central-1',
      serviceName: 'com.amazonaws.vpce.eu-central-1.vpce-svc-0fedcba9876543210',
      vpcId: 'vpc-0a5b6c7d8e9f01234',
      subnetIds: ['subnet-0a5b6c7d8e9f0123a', 'subnet-0a5b6c7d8e9f0123b', 'subnet-0a5b6c7d8e9f0123c'],
      zone: 'per-host'
    }
  }
} satisfies EnvironmentLiteral
