import type { GcpTarget } from '../../../../probe/clouds/gcp/target.ts'
import type { GoogleApiWorld } from '../../../standin/google-api/google-api.ts'

export const project = 'my-project-123'
export const host = 'in01-61e949d971f841b-privatelink.gcp-us-west1.vectordb.zillizcloud.com'
const compute = 'https://www.googleapis.com/compute/v1'
export const networkUrl = (name = 'default', of = project) => `${compute}/projects/${of}/global/networks/${name}`

export const target: GcpTarget = {
  cloud: 'gcp',
  name: 'prod/images/in01-61e949d971f841b',
  environment: 'prod',
  region: 'us-west1',
  host,
  port: 443,
  project,
  network: 'default',
  managedZone: 'zilliz-privatelink-zone',
  forwardingRule: 'zilliz-endpoint',
  endpointAddress: '10.0.0.7',
  egressFirewall: 'zilliz-egress'
}

export const endpoint = {
  name: 'zilliz-endpoint',
  IPAddress: '10.0.0.7',
  region: `${compute}/projects/${project}/regions/us-west1`,
  network: networkUrl(),
  target: `${compute}/projects/vendor/regions/us-west1/serviceAttachments/zilliz`,
  pscConnectionId: '79014381234567890',
  pscConnectionStatus: 'ACCEPTED',
  allowPscGlobalAccess: false
}

export const machine = {
  name: 'client',
  zone: `${compute}/projects/${project}/zones/us-west1-a`,
  tags: { items: ['search'], fingerprint: 'AAAA' },
  serviceAccounts: [{ email: 'search@my-project-123.iam.gserviceaccount.com', scopes: [] }],
  networkInterfaces: [{ name: 'nic0', network: networkUrl(), networkIP: '10.0.0.20' }]
}

export const egressRule = {
  name: 'zilliz-egress',
  direction: 'EGRESS',
  priority: 900,
  network: networkUrl(),
  allowed: [{ IPProtocol: 'tcp', ports: ['443'] }],
  destinationRanges: ['10.0.0.7/32']
}

export const zone = (name: string, dnsName: string, more: object = {}) => ({
  name,
  dnsName,
  visibility: 'private',
  privateVisibilityConfig: { networks: [{ networkUrl: networkUrl() }] },
  ...more
})

export const record = (name: string, type: string, ...rrdatas: readonly string[]) => ({ name, type, ttl: 60, rrdatas })

export const subnet = (name: string, range: string, region = 'us-west1', network = networkUrl()) => ({
  name,
  network,
  region: `${compute}/projects/${project}/regions/${region}`,
  ipCidrRange: range
})

export const route = (name: string, destRange: string, nextHop: object, network = networkUrl()) => ({
  name,
  network,
  destRange,
  priority: 1000,
  ...nextHop
})

const at = `projects/${project}`
export const paths = {
  endpoints: `${at}/regions/us-west1/forwardingRules`,
  machines: `${at}/zones/us-west1-a/instances`,
  networks: `${at}/global/networks`,
  routes: `${at}/global/routes`,
  routers: `${at}/regions/us-west1/routers`,
  subnets: `${at}/regions/us-west1/subnetworks`,
  zones: `${at}/managedZones`,
  records: (of = 'zilliz-privatelink-zone') => `${at}/managedZones/${of}/rrsets`,
  policies: `${at}/policies`,
  responsePolicies: `${at}/responsePolicies`,
  responseRules: (of: string) => `${at}/responsePolicies/${of}/rules`,
  network: `${at}/global/networks/default`
} as const

/** A link that works, with a client in its network. */
export const goodCollections: GoogleApiWorld['collections'] = {
  [paths.endpoints]: [endpoint],
  [paths.machines]: [machine],
  [paths.networks]: [{ name: 'default', peerings: [] }],
  [paths.routes]: [
    route('default-route-subnet', '10.0.0.0/20', { nextHopNetwork: networkUrl() }),
    route('default-route-internet', '0.0.0.0/0', {
      nextHopGateway: `${compute}/projects/${project}/global/gateways/default-internet-gateway`
    })
  ],
  [paths.routers]: [],
  [paths.subnets]: [subnet('default', '10.0.0.0/20')],
  [paths.zones]: [zone('zilliz-privatelink-zone', `${host}.`)],
  [paths.records()]: [record(`${host}.`, 'A', '10.0.0.7')],
  [paths.policies]: [],
  [paths.responsePolicies]: []
}

export const goodFirewalls: GoogleApiWorld['firewalls'] = {
  [paths.network]: { firewalls: [egressRule], firewallPolicys: [] },
  [`${paths.network} us-west1`]: { firewalls: [egressRule], firewallPolicys: [] }
}

export const goodMetadata: GoogleApiWorld['metadata'] = {
  'project/project-id': project,
  'project/numeric-project-id': '123456789012',
  'instance/zone': 'projects/123456789012/zones/us-west1-a',
  'instance/name': 'client',
  'instance/network-interfaces/': JSON.stringify([
    { ip: '10.0.0.20', network: 'projects/123456789012/networks/default' }
  ])
}
