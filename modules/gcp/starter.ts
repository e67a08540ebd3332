import { hoursOfMonth, type StarterCloud } from '../starter.ts'
import { GcpLinkOptions } from './link.ts'

/** Google Cloud, in a new project. */
export const gcp: StarterCloud = {
  link: GcpLinkOptions,
  bindings: '@cdktf/provider-google',
  questions: [
    { option: 'project', title: 'Project that gets the endpoint', example: 'my-project-123' },
    { option: 'region', title: 'Region of the subnet', example: 'us-west1' },
    { option: 'network', title: 'VPC network whose clients connect', example: 'default' },
    { option: 'subnetwork', title: 'Subnet that gives the endpoint its address', example: 'default' },
    { option: 'endpointPrefix', title: 'Prefix of the names of all resources', example: 'zilliz', initial: 'zilliz' },
    { option: 'zoneName', title: 'Existing private managed zone', example: 'zilliz-cloud', onlyWith: 'existing' }
  ],
  service: {
    option: 'serviceAttachment',
    title: 'Service attachment that the Add Private Link dialog of Zilliz Cloud names',
    example: 'projects/vdc-prod/regions/us-west1/serviceAttachments/vdc-prod-us-west1'
  },
  backend: bucket => ({ type: 'gcs', bucket }),
  action: {
    action: 'google-github-actions/auth',
    commit: '7c6bc770dae815cd3e89ee6cdf493a5fab2cc093',
    version: 'v3.0.0'
  },
  login: (_, purpose) => ({
    workload_identity_provider: '${{ vars.GCP_WORKLOAD_IDENTITY_PROVIDER }}',
    service_account: `\${{ vars.GCP_${purpose.toUpperCase()}_SERVICE_ACCOUNT }}`
  }),
  // The endpoint is of October 2025, by the Cloud Billing API, and the same in every region; the zone is of September 2026.
  cost: (_, zones) => ({
    items: [
      { what: `Private Service Connect endpoint, ${hoursOfMonth} hours`, count: hoursOfMonth, usd: 0.01 },
      { what: 'private managed zone', count: zones, usd: 0.2 }
    ],
    usdPerGigabyte: 0.01,
    region: 'all regions',
    asOf: 'October 2025',
    pages: ['https://cloud.google.com/vpc/network-pricing', 'https://cloud.google.com/dns/pricing']
  })
}
