import {
  egressRule,
  endpoint,
  goodMetadata,
  host,
  machine,
  networkUrl,
  paths,
  record,
  route,
  zone
} from './good-link.ts'
import type { Setting } from './world.ts'

export const deny = (name: string, priority: number, more: object = {}) => ({
  name,
  direction: 'EGRESS',
  priority,
  network: networkUrl(),
  denied: [{ IPProtocol: 'all' }],
  destinationRanges: ['0.0.0.0/0'],
  ...more
})

export const policy = (type: string, shortName: string, ...rules: readonly object[]) => ({
  type,
  name: shortName,
  shortName,
  rules
})
export const policyRule = (priority: number, action: string, match: object = {}, more: object = {}) => ({
  priority,
  action,
  direction: 'EGRESS',
  match: { layer4Configs: [{ ipProtocol: 'all' }], destIpRanges: ['0.0.0.0/0'], ...match },
  ...more
})
interface Firewalls {
  readonly firewalls?: readonly object[]
  readonly firewallPolicys?: readonly ReturnType<typeof policy>[]
}
/** Google answers for a region with all policies again, and with another name for their names. */
export const firewalls = (global: Firewalls, { firewallPolicys = [] }: Firewalls = {}) => ({
  [paths.network]: { firewalls: [], ...global },
  [`${paths.network} us-west1`]: {
    firewalls: global.firewalls ?? [],
    firewallPolicys: [...(global.firewallPolicys ?? []), ...firewallPolicys].map(({ shortName, ...each }) => ({
      ...each,
      displayName: shortName
    }))
  }
})

export const parentZone = 'vectordb.zillizcloud.com.'
export const otherNetwork = networkUrl('other')

/** A link that is broken in the configuration of Google Cloud, and the cause that is then confirmed. */
export interface Confirmable extends Setting {
  readonly title: string
  readonly id: string
  /** The clause that proves it. */
  readonly text: string
  readonly about: readonly string[]
  /** Other causes that are confirmed too, because they follow from the same fault. */
  readonly also?: readonly string[]
  /** Causes that are not known then. */
  readonly unknown?: readonly string[]
}

const endpointPath = 'projects/my-project-123/regions/us-west1/forwardingRules/zilliz-endpoint'
const zonePath = (name = 'zilliz-privatelink-zone') => `projects/my-project-123/managedZones/${name}`
const status = (pscConnectionStatus: string, clause: string): Confirmable => ({
  title: `a connection that is ${pscConnectionStatus}`,
  id: 'psc-connection-not-accepted',
  collections: { [paths.endpoints]: [{ ...endpoint, pscConnectionStatus }] },
  text: `the connection of forwarding rule zilliz-endpoint is ${pscConnectionStatus}: ${clause}`,
  about: [endpointPath]
})

export const confirmable: readonly Confirmable[] = [
  {
    title: 'an endpoint that was deleted',
    id: 'forwarding-rule-missing',
    collections: { [paths.endpoints]: [] },
    text: 'project my-project-123 has no forwarding rule zilliz-endpoint in us-west1',
    about: [endpointPath]
  },
  status('PENDING', 'Zilliz Cloud has not accepted it'),
  status('REJECTED', 'Zilliz Cloud rejected it'),
  status('CLOSED', 'Zilliz Cloud closed it, for example because the service attachment was deleted'),
  status('NEEDS_ATTENTION', 'Zilliz Cloud must take another action before it serves traffic'),
  {
    title: 'clients in another region than an endpoint without global access',
    id: 'forwarding-rule-region-mismatch',
    metadata: { ...goodMetadata, 'instance/zone': 'projects/123456789012/zones/us-east4-b' },
    collections: {
      [paths.machines.replace('us-west1-a', 'us-east4-b')]: [
        { ...machine, zone: machine.zone.replace('us-west1-a', 'us-east4-b') }
      ]
    },
    firewalls: { [`${paths.network} us-east4`]: { firewalls: [egressRule] } },
    text: 'the clients are in us-east4, but forwarding rule zilliz-endpoint in us-west1 does not allow global access',
    about: [endpointPath]
  },
  {
    title: 'a firewall rule of the network that denies egress',
    id: 'firewall-rule',
    firewalls: firewalls({ firewalls: [egressRule, deny('deny-egress', 800)] }),
    text: 'firewall rule deny-egress (priority 800) denies TCP 443 to 10.0.0.7',
    about: ['projects/my-project-123/global/firewalls/deny-egress', '800', 'default']
  },
  {
    title: 'a firewall rule that denies at the priority of the rule that allows',
    id: 'firewall-rule',
    firewalls: firewalls({ firewalls: [egressRule, deny('deny-egress', 900)] }),
    text: 'firewall rule deny-egress (priority 900) denies TCP 443 to 10.0.0.7',
    about: ['projects/my-project-123/global/firewalls/deny-egress', '900', 'default']
  },
  {
    title: 'a firewall rule for the network tag of the clients',
    id: 'firewall-rule',
    firewalls: firewalls({ firewalls: [egressRule, deny('deny-search', 800, { targetTags: ['search'] })] }),
    text: 'firewall rule deny-search (priority 800) denies TCP 443 to 10.0.0.7',
    about: ['projects/my-project-123/global/firewalls/deny-search', '800', 'default']
  },
  {
    title: 'a hierarchical firewall policy',
    id: 'firewall-rule',
    firewalls: firewalls({
      firewalls: [egressRule],
      firewallPolicys: [
        policy('NETWORK', 'later', policyRule(1, 'allow')),
        policy(
          'HIERARCHY',
          'corporate',
          policyRule(10, 'goto_next', { destIpRanges: ['10.1.0.0/16'] }),
          policyRule(20, 'deny')
        )
      ]
    }),
    text: 'rule 20 of firewall policy corporate denies TCP 443 to 10.0.0.7',
    about: ['locations/global/firewallPolicies/corporate', '20']
  },
  {
    title: 'a global network firewall policy after the rules of the network',
    id: 'firewall-rule',
    firewalls: firewalls({ firewallPolicys: [policy('NETWORK', 'team', policyRule(20, 'deny'))] }),
    text: 'rule 20 of firewall policy team denies TCP 443 to 10.0.0.7',
    about: ['projects/my-project-123/global/firewallPolicies/team', '20']
  },
  {
    title: 'a global network firewall policy that comes before the rules of the network',
    id: 'firewall-rule',
    collections: {
      [paths.networks]: [{ name: 'default', networkFirewallPolicyEnforcementOrder: 'BEFORE_CLASSIC_FIREWALL' }]
    },
    firewalls: firewalls({
      firewalls: [egressRule],
      firewallPolicys: [policy('NETWORK', 'team', policyRule(20, 'deny'))]
    }),
    text: 'rule 20 of firewall policy team denies TCP 443 to 10.0.0.7',
    about: ['projects/my-project-123/global/firewallPolicies/team', '20']
  },
  {
    title: 'a regional network firewall policy',
    id: 'firewall-rule',
    firewalls: firewalls({}, { firewallPolicys: [policy('NETWORK_REGIONAL', 'west', policyRule(20, 'deny'))] }),
    text: 'rule 20 of firewall policy west denies TCP 443 to 10.0.0.7',
    about: ['projects/my-project-123/regions/us-west1/firewallPolicies/west', '20']
  },
  {
    title: 'clients in a peered network',
    id: 'psc-endpoint-accessed-from-peered-network',
    metadata: {
      ...goodMetadata,
      'instance/network-interfaces/': JSON.stringify([{ network: 'projects/123456789012/networks/other' }])
    },
    collections: {
      [paths.machines]: [{ ...machine, networkInterfaces: [{ network: otherNetwork, networkIP: '10.9.0.5' }] }],
      [paths.networks]: [{ name: 'other', peerings: [{ name: 'to-default', network: networkUrl(), state: 'ACTIVE' }] }],
      [paths.routes]: [route('peering-route', '10.0.0.0/20', { nextHopPeering: 'to-default' }, otherNetwork)],
      [paths.zones]: [
        zone('zilliz-privatelink-zone', `${host}.`, {
          privateVisibilityConfig: { networks: [{ networkUrl: networkUrl() }, { networkUrl: otherNetwork }] }
        })
      ]
    },
    firewalls: {
      'projects/my-project-123/global/networks/other': {},
      'projects/my-project-123/global/networks/other us-west1': {}
    },
    addresses: ['10.9.0.5'],
    text: 'the clients are in network other, which reaches network default of the endpoint by peering to-default',
    about: ['projects/my-project-123/global/networks/other'],
    unknown: ['route-missing']
  },
  {
    title: 'clients in a network that has no route to the endpoint but that of the internet',
    id: 'route-missing',
    metadata: {
      ...goodMetadata,
      'instance/network-interfaces/': JSON.stringify([{ network: 'projects/123456789012/networks/other' }])
    },
    collections: {
      [paths.machines]: [{ ...machine, networkInterfaces: [{ network: otherNetwork, networkIP: '10.9.0.5' }] }],
      [paths.networks]: [{ name: 'other' }],
      [paths.routes]: [
        route(
          'default-route',
          '0.0.0.0/0',
          { nextHopGateway: 'global/gateways/default-internet-gateway' },
          otherNetwork
        )
      ],
      [paths.zones]: [
        zone('zilliz-privatelink-zone', `${host}.`, {
          privateVisibilityConfig: { networks: [{ networkUrl: otherNetwork }] }
        })
      ]
    },
    firewalls: {
      'projects/my-project-123/global/networks/other': {},
      'projects/my-project-123/global/networks/other us-west1': {}
    },
    addresses: ['10.9.0.5'],
    text: 'route default-route (0.0.0.0/0) sends 10.0.0.7 to the internet gateway, and no subnet of network other has 10.0.0.7',
    about: ['projects/my-project-123/global/networks/other']
  },
  {
    title: 'a zone that does not exist',
    id: 'zone-missing',
    case: 'zone-not-visible',
    resolved: [],
    collections: { [paths.zones]: [zone('public', `${host}.`, { visibility: 'public' })] },
    text: 'no private managed zone of project my-project-123 is for the host',
    about: [host]
  },
  {
    title: 'a zone that is not visible to the network',
    id: 'zone-not-visible-to-network',
    case: 'zone-not-visible',
    resolved: [],
    collections: {
      [paths.zones]: [
        zone('zilliz-privatelink-zone', `${host}.`, {
          privateVisibilityConfig: { networks: [{ networkUrl: otherNetwork }] }
        })
      ]
    },
    text: 'managed zone zilliz-privatelink-zone is not visible to network default',
    about: [zonePath(), 'projects/my-project-123/global/networks/default']
  },
  {
    title: 'a more specific zone of another team',
    id: 'zone-overridden',
    case: 'record-missing',
    resolved: [],
    target: { managedZone: 'parent' },
    collections: {
      [paths.zones]: [zone('parent', parentZone), zone('theirs', `gcp-us-west1.${parentZone}`)],
      [paths.records('parent')]: [record(`${host}.`, 'A', '10.0.0.7')],
      [paths.records('theirs')]: [record(`other.gcp-us-west1.${parentZone}`, 'A', '10.0.0.9')]
    },
    text: 'managed zone theirs (gcp-us-west1.vectordb.zillizcloud.com.) answers instead of parent, and has no record for the host',
    about: [zonePath('theirs'), zonePath('parent')],
    also: ['record-absent']
  },
  {
    title: 'a zone without the record',
    id: 'record-absent',
    case: 'record-missing',
    resolved: [],
    target: { managedZone: 'parent' },
    collections: {
      [paths.zones]: [zone('parent', parentZone)],
      [paths.records('parent')]: [
        record(parentZone, 'NS', 'ns-gcp-private.googledomains.com.'),
        record(`other.gcp-us-west1.${parentZone}`, 'A', '10.0.0.9')
      ]
    },
    text: 'managed zone parent has no record for the host',
    about: [zonePath('parent')]
  },
  {
    title: 'a record under a misspelled name',
    id: 'record-absent',
    case: 'record-name-malformed',
    resolved: [],
    target: { managedZone: 'parent' },
    collections: {
      [paths.zones]: [zone('parent', parentZone)],
      [paths.records('parent')]: [record(`in01-61e949d971f841b.us-west1.${parentZone}`, 'A', '10.0.0.7')]
    },
    text: `managed zone parent has no record for the host; it has in01-61e949d971f841b.us-west1.${parentZone}, which may be the misspelled record`,
    about: [zonePath('parent')]
  },
  {
    title: 'a record that is an alias',
    id: 'record-of-other-type',
    case: 'dangling-cname',
    resolved: [],
    collections: { [paths.records()]: [record(`${host}.`, 'CNAME', 'gone.example.')] },
    text: 'managed zone zilliz-privatelink-zone answers with an alias of gone.example',
    about: [zonePath()]
  },
  {
    title: 'a record of another type',
    id: 'record-of-other-type',
    case: 'no-address-record',
    resolved: [],
    collections: { [paths.records()]: [record(`${host}.`, 'TXT', '"10.0.0.7"')] },
    text: 'managed zone zilliz-privatelink-zone has records of type TXT for the host, but no address',
    about: [zonePath()]
  },
  {
    title: 'a wildcard record with another address',
    id: 'record-to-other-address',
    case: 'stale-record',
    resolved: ['10.0.0.99'],
    target: { managedZone: 'parent' },
    collections: {
      [paths.zones]: [zone('parent', parentZone)],
      [paths.records('parent')]: [record(`*.${parentZone}`, 'A', '10.0.0.99')]
    },
    text: 'managed zone parent answers with 10.0.0.99, but the endpoint has 10.0.0.7',
    about: [zonePath('parent')]
  },
  {
    title: 'a config with the address of an earlier endpoint',
    id: 'endpoint-address-changed',
    case: 'wrong-endpoint',
    target: { endpointAddress: '10.0.0.6' },
    text: 'forwarding rule zilliz-endpoint has the address 10.0.0.7, but the config has 10.0.0.6',
    about: [endpointPath]
  },
  {
    title: 'a response policy that answers in place of the zone',
    id: 'response-policy-rule',
    case: 'name-blocked',
    resolved: [],
    collections: {
      [paths.responsePolicies]: [
        { responsePolicyName: 'theirs', networks: [{ networkUrl: otherNetwork }] },
        { responsePolicyName: 'block', networks: [{ networkUrl: networkUrl() }] }
      ],
      [paths.responseRules('theirs')]: [],
      [paths.responseRules('block')]: [
        { ruleName: 'pass', dnsName: `*.${parentZone}`, behavior: 'bypassResponsePolicy' },
        {
          ruleName: 'sinkhole',
          dnsName: `*.gcp-us-west1.${parentZone}`,
          localData: { localDatas: [record(`*.gcp-us-west1.${parentZone}`, 'A', '0.0.0.0')] }
        }
      ]
    },
    text: 'rule sinkhole of response policy block answers with 0.0.0.0',
    about: ['projects/my-project-123/responsePolicies/block/rules/sinkhole']
  },
  {
    title: 'a server policy with other name servers',
    id: 'alternative-name-servers',
    case: 'zone-not-visible',
    resolved: [],
    collections: {
      [paths.policies]: [
        { name: 'logging', networks: [{ networkUrl: networkUrl() }], enableLogging: true },
        {
          name: 'corporate-dns',
          networks: [{ networkUrl: networkUrl() }],
          alternativeNameServerConfig: { targetNameServers: [{ ipv4Address: '10.2.0.53' }] }
        }
      ]
    },
    text: 'server policy corporate-dns sends all queries of network default to 10.2.0.53',
    about: ['projects/my-project-123/policies/corporate-dns']
  },
  {
    title: 'a forwarding zone',
    id: 'forwarding-zone',
    case: 'forwarding-broken',
    resolved: [],
    target: { managedZone: 'parent' },
    collections: {
      [paths.zones]: [
        zone('parent', parentZone),
        zone('to-datacenter', `gcp-us-west1.${parentZone}`, {
          forwardingConfig: { targetNameServers: [{ ipv4Address: '10.2.0.53' }] }
        })
      ],
      [paths.records('to-datacenter')]: []
    },
    text: 'forwarding zone to-datacenter (gcp-us-west1.vectordb.zillizcloud.com.) forwards to 10.2.0.53',
    about: [zonePath('to-datacenter')]
  },
  {
    title: 'a peering zone that asks a network without the zone',
    id: 'peering-zone',
    case: 'zone-not-visible',
    resolved: [],
    target: { managedZone: 'to-hub' },
    collections: {
      [paths.zones]: [
        zone('to-hub', parentZone, {
          peeringConfig: { targetNetwork: { networkUrl: networkUrl('hub', 'hub-project') } }
        })
      ],
      'projects/hub-project/managedZones': [zone('hubs', parentZone)]
    },
    text: 'peering zone to-hub queries network projects/hub-project/global/networks/hub, to which no managed zone for the host is visible',
    about: [zonePath('to-hub'), 'projects/hub-project/global/networks/hub']
  },
  {
    title: 'a wrong record in the network that a peering zone asks',
    id: 'record-to-other-address',
    case: 'wrong-endpoint',
    resolved: ['10.3.0.9'],
    target: { managedZone: 'to-hub' },
    collections: {
      [paths.zones]: [
        zone('to-hub', parentZone, {
          peeringConfig: { targetNetwork: { networkUrl: networkUrl('hub', 'hub-project') } }
        })
      ],
      'projects/hub-project/managedZones': [
        zone('hubs', parentZone, {
          privateVisibilityConfig: { networks: [{ networkUrl: networkUrl('hub', 'hub-project') }] }
        })
      ],
      'projects/hub-project/managedZones/hubs/rrsets': [record(`${host}.`, 'A', '10.3.0.9')]
    },
    text: 'managed zone hubs answers with 10.3.0.9, but the endpoint has 10.0.0.7',
    about: ['projects/hub-project/managedZones/hubs']
  }
]
