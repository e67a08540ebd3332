import type { EnvironmentLiteral } from '../environment/environment.ts'

/** By the API of Zilliz Cloud: a network and a cluster, and one command. */
export const trial = {
  name: 'trial',
  backend: { type: 'local' },
  links: {
    'aws-us-east-1': {
      cloud: 'aws',
      region: 'us-east-1',
      vpcId: 'vpc-0b1c2d3e4f5a60718',
      subnetIds: ['subnet-0b1c2d3e4f5a6071a', 'subnet-0b1c2d3e4f5a6071b'],
      zone: 'per-host',
      zilliz: { projectId: 'proj-0a1b2c3d4e5f60718293a4', clusters: ['in01-3f2e1d0c9b8a765'] }
    }
  }
} satisfies EnvironmentLiteral
