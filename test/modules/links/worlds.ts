import type { Cluster } from '../../../probe/zilliz/answers.ts'
import type { ZillizWorld } from '../../support/zilliz-api.ts'

/** The project of the sample environment `dev`, and one of somebody else. */
export const project = 'proj-0a1b2c3d4e5f60718293a4'
export const otherProject = 'proj-9f8e7d6c5b4a3921807f6e'

export const awsHost = 'in01-840ec44485bf25d-privatelink.aws-us-west-2.vectordb.zillizcloud.com'
export const gcpHost = 'in01-61e949d971f841b-privatelink.gcp-us-west1.vectordb.zillizcloud.com'

export const awsCluster: Cluster = {
  clusterId: 'in01-840ec44485bf25d',
  clusterName: 'search',
  projectId: project,
  regionId: 'aws-us-west-2',
  plan: 'Enterprise',
  status: 'RUNNING',
  connectAddress: 'https://in01-840ec44485bf25d.aws-us-west-2.vectordb.zillizcloud.com:19538',
  privateLinkAddress: `https://${awsHost}:19531`
}

export const gcpCluster: Cluster = {
  ...awsCluster,
  clusterId: 'in01-61e949d971f841b',
  clusterName: 'papers',
  regionId: 'gcp-us-west1',
  connectAddress: 'https://in01-61e949d971f841b.gcp-us-west1.vectordb.zillizcloud.com:443',
  privateLinkAddress: `https://${gcpHost}:443`
}

export const awsEndpoint = {
  regionId: 'aws-us-west-2',
  cloudId: 'aws',
  endpointService: 'com.amazonaws.vpce.us-west-2.vpce-svc-0123456789abcdef0',
  endpointServiceStatus: 'AVAILABLE',
  endpointId: 'vpce-0a3e36be28cd7f26c',
  endpointStatus: 'AVAILABLE',
  gcpProjectId: ''
}

export const gcpEndpoint = {
  regionId: 'gcp-us-west1',
  cloudId: 'gcp',
  endpointService: 'projects/vdc-prod/regions/us-west1/serviceAttachments/vdc-prod-us-west1',
  endpointServiceStatus: 'Available',
  endpointId: 'zilliz-us-west1',
  endpointStatus: 'accepted',
  gcpProjectId: 'search-dev'
}

/** What Zilliz Cloud has when all is as `test/demo/deployed.json` has it. */
export const healthy: ZillizWorld = {
  endpoints: { [project]: [awsEndpoint, gcpEndpoint] },
  clusters: [awsCluster, gcpCluster],
  services: []
}
