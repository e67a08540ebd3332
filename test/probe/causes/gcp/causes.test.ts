import { afterEach, describe, expect, test, vi } from 'vitest'
import { catalogue } from '../../../../probe/cases/catalogue.ts'
import { causeOf } from '../../../../probe/causes/inquiry.ts'
import { gcp } from '../../../../probe/clouds/gcp/cloud.ts'
import { configuration } from '../../../../probe/clouds/gcp/configuration/configuration.ts'
import { remedies } from '../../../../probe/clouds/gcp/remedies.ts'
import { gcpIds } from '../../../../probe/clouds/gcp/target.ts'
import {
  askGoogle,
  egressRule,
  endpoint,
  goodCollections,
  goodMetadata,
  host,
  machine,
  networkUrl,
  paths,
  record,
  route,
  type Setting,
  subnet,
  target,
  zone
} from './world.ts'

afterEach(() => {
  vi.unstubAllEnvs()
})

/** Causes that no configuration tells of, for whatever is read. */
const untold = ['rejected-on-the-way', 'secure-web-proxy', 'smaller-mtu', 'dropped-inside-psc-service-producer']

const deny = (name: string, priority: number, more: object = {}) => ({
  name,
  direction: 'EGRESS',
  priority,
  network: networkUrl(),
  denied: [{ IPProtocol: 'all' }],
  destinationRanges: ['0.0.0.0/0'],
  ...more
})

const policy = (type: string, shortName: string, ...rules: readonly object[]) => ({
  type,
  name: shortName,
  shortName,
  rules
})
const policyRule = (priority: number, action: string, match: object = {}, more: object = {}) => ({
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
const firewalls = (global: Firewalls, { firewallPolicys = [] }: Firewalls = {}) => ({
  [paths.network]: { firewalls: [], ...global },
  [`${paths.network} us-west1`]: {
    firewalls: global.firewalls ?? [],
    firewallPolicys: [...(global.firewallPolicys ?? []), ...firewallPolicys].map(({ shortName, ...each }) => ({
      ...each,
      displayName: shortName
    }))
  }
})

const parentZone = 'vectordb.zillizcloud.com.'
const otherNetwork = networkUrl('other')

interface Told extends Setting {
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
const status = (pscConnectionStatus: string, clause: string): Told => ({
  title: `a connection that is ${pscConnectionStatus}`,
  id: 'psc-connection-not-accepted',
  collections: { [paths.endpoints]: [{ ...endpoint, pscConnectionStatus }] },
  text: `the connection of forwarding rule zilliz-endpoint is ${pscConnectionStatus}: ${clause}`,
  about: [endpointPath]
})

const told: readonly Told[] = [
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
    text: 'the clients are in us-east4, and forwarding rule zilliz-endpoint in us-west1 does not allow global access',
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
    text: 'managed zone theirs (gcp-us-west1.vectordb.zillizcloud.com.) answers in place of parent, and has no record for the host',
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
    text: `managed zone parent has no record for the host; it has in01-61e949d971f841b.us-west1.${parentZone}, which may be meant for it`,
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
    text: 'managed zone zilliz-privatelink-zone has records of type TXT for the host, and no address',
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
    text: 'managed zone parent answers with 10.0.0.99, and the endpoint has 10.0.0.7',
    about: [zonePath('parent')]
  },
  {
    title: 'a config with the address of an earlier endpoint',
    id: 'endpoint-address-changed',
    case: 'wrong-endpoint',
    target: { endpointAddress: '10.0.0.6' },
    text: 'forwarding rule zilliz-endpoint has the address 10.0.0.7, and the config has 10.0.0.6',
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
    text: 'forwarding zone to-datacenter (gcp-us-west1.vectordb.zillizcloud.com.) asks 10.2.0.53',
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
    text: 'peering zone to-hub asks network projects/hub-project/global/networks/hub, to which no managed zone for the host is visible',
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
    text: 'managed zone hubs answers with 10.3.0.9, and the endpoint has 10.0.0.7',
    about: ['projects/hub-project/managedZones/hubs']
  }
]

describe('a cause in the configuration of Google Cloud is confirmed, and its neighbors are ruled out', () => {
  test.for(told.map(each => [each.title, each] as const))(
    '%s',
    async ([, { id, text, about, also = [], unknown = [], ...setting }]) => {
      const { causes, confirmed, api } = await askGoogle(setting)
      expect(api.undocumented).toEqual([])
      expect(confirmed.find(each => each.id === id)).toMatchObject({ text, about })
      expect(new Set(confirmed.map(each => each.id))).toEqual(new Set([id, ...also]))
      const others = causes.filter(({ ruling }) => ruling === 'not-known').map(each => each.id)
      expect(new Set(others)).toEqual(
        new Set([...unknown, ...causes.map(each => each.id).filter(each => untold.includes(each))])
      )
      expect(causes.length).toBeGreaterThan(1)
    }
  )

  test('of a link that works, every cause of every case is ruled out, or no configuration tells of it', async () => {
    for (const { id } of catalogue) {
      const { causes, confirmed } = await askGoogle({ case: id })
      expect(confirmed).toEqual([])
      expect(causes.filter(({ ruling }) => ruling === 'not-known').map(each => each.id)).toEqual(
        causes.map(each => each.id).filter(each => untold.includes(each))
      )
      if (id === 'healthy') expect(causes).toEqual([])
    }
  })

  test('a cause is confirmed for a link that still works, and is no candidate', async () => {
    const { confirmed } = await askGoogle({
      case: 'healthy',
      firewalls: firewalls({ firewalls: [deny('deny-egress', 800)] })
    })
    expect(confirmed).toMatchObject([{ id: 'firewall-rule', isCandidate: false }])
  })

  test('clients that get the right address prove that other name servers know it', async () => {
    const setting = told.find(({ id }) => id === 'alternative-name-servers')
    const { confirmed } = await askGoogle({ ...setting, case: 'healthy', resolved: ['10.0.0.7'] })
    expect(confirmed).toEqual([])
  })

  test('clients that connect from a peered network prove that the connection is propagated', async () => {
    const setting = told.find(({ id }) => id === 'psc-endpoint-accessed-from-peered-network')
    const { confirmed } = await askGoogle({ ...setting, case: 'healthy' })
    expect(confirmed).toEqual([])
  })
})

describe('every candidate that a case lists on Google Cloud', () => {
  /** The cause that stands for a candidate of a remedy; those of Zilliz Cloud are asked of its own API. */
  const causeOfCandidate: Readonly<Record<string, string>> = {
    'Zilliz Cloud has not accepted the endpoint, or rejected it: its status is PENDING, REJECTED or CLOSED':
      'psc-connection-not-accepted',
    'a firewall rule or a hierarchical policy denies egress; without one, Google Cloud allows it': 'firewall-rule',
    'the clients are in another region than the endpoint, and the endpoint does not allow global access':
      'forwarding-rule-region-mismatch',
    'the clients are in a peered network; a Private Service Connect endpoint is not reachable from there':
      'psc-endpoint-accessed-from-peered-network',
    'Secure Web Proxy or Cloud NGFW filters by the name in TLS': 'firewall-inspection',
    'the producer drops the connection': 'dropped-inside-psc-service-producer',
    'a VPN, an interconnect or an overlay has a smaller MTU and drops large packets without a message': 'smaller-mtu',
    'a proxy or the service holds the connection without answering': 'dropped-inside-psc-service-producer',
    'a firewall, a proxy or a network policy on the way rejects the connection with an ICMP message':
      'rejected-on-the-way',
    'the endpoint was deleted, and no machine has its address': 'forwarding-rule-missing',
    'a route to the address ends at something that does not forward': 'route-missing',
    'the record is good, and the resolver has rebind protection': 'other-resolver'
  }
  const elsewhere = ['the port is not the one that Zilliz Cloud allocated to this host', 'none of these']

  test('is a cause that explains the case', () => {
    const candidates = catalogue.flatMap(({ id }) =>
      remedies[id](gcpIds(target)).flatMap(step => ('cause' in step ? [{ id, cause: step.cause }] : []))
    )
    const unexplained = candidates
      .filter(({ cause }) => !elsewhere.includes(cause))
      .filter(
        ({ id, cause }) =>
          configuration.causes.find(each => each.id === causeOfCandidate[cause])?.explains.includes(id) !== true
      )
    expect(unexplained).toEqual([])
    expect(candidates.length).toBeGreaterThan(10)
  })

  test('has an id of its own, and the code of Connectivity Tests is not its own word', () => {
    const ids = configuration.causes.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids.filter(id => !/^[a-z]+(-[a-z]+)+$/.test(id))).toEqual([])
    expect(configuration.causes.flatMap(({ code }) => (code === undefined ? [] : [code])).toSorted()).toEqual([
      'FIREWALL_RULE',
      'FORWARDING_RULE_REGION_MISMATCH',
      'NO_ROUTE',
      'PSC_CONNECTION_NOT_ACCEPTED',
      'PSC_ENDPOINT_ACCESSED_FROM_PEERED_NETWORK'
    ])
  })
})

describe('the steps for a confirmed cause', () => {
  test.for(told.map(each => [each.title, each] as const))('of %s have the ids that were found', async ([, each]) => {
    const { causes } = await askGoogle(each)
    const cause = causes.find(({ id }) => id === each.id)
    if (cause?.ruling !== 'confirmed') throw new Error(`${each.id} is not confirmed`)
    const steps = gcp.stepsForCause(cause, { ...target, ...each.target })
    expect(steps.length).toBeGreaterThan(0)
    expect(JSON.stringify(steps)).not.toMatch(/undefined|<[a-z-]+>|NaN/)
  })

  test('begin with the deploy where it restores what is missing', async () => {
    const { causes } = await askGoogle({
      case: 'no-answer-to-syn',
      firewalls: firewalls({ firewalls: [deny('deny-egress', 800)] })
    })
    const cause = causeOf({ causes })
    if (cause === undefined) throw new Error('no cause')
    expect(gcp.stepsForCause(cause, target)).toMatchObject([
      {
        do: expect.stringContaining('deploy its environment again'),
        run: expect.stringContaining('prod')
      },
      { run: 'gcloud compute firewall-rules describe deny-egress --project my-project-123' },
      {
        run: 'gcloud compute firewall-rules create zilliz-privatelink-egress-by-hand --project my-project-123 --network default --direction EGRESS --priority 799 --allow tcp:443 --destination-ranges 10.0.0.7/32'
      }
    ])
  })
})

describe('this machine', () => {
  test('is in the network of the link by its interface', async () => {
    expect((await askGoogle()).elsewhere).toEqual({
      ruling: 'ruled-out',
      text: 'this machine is in network default of the link'
    })
  })

  test('is elsewhere if its interface is in another network', async () => {
    const setting = told.find(({ id }) => id === 'psc-endpoint-accessed-from-peered-network')
    expect((await askGoogle(setting)).elsewhere).toMatchObject({
      ruling: 'confirmed',
      text: 'this machine is in network projects/my-project-123/global/networks/other, and the link in projects/my-project-123/global/networks/default'
    })
  })

  test('is elsewhere on another cloud, and nothing of its own is asked for', async () => {
    const aws = { cloud: 'aws', account: '1', region: 'us-west-2', zone: 'us-west-2a', network: 'vpc-1', id: 'i-1' }
    const { elsewhere, api } = await askGoogle({ machine: aws, addresses: ['10.0.0.20'] })
    expect(elsewhere).toMatchObject({ ruling: 'confirmed', text: 'this machine is not on Google Cloud' })
    expect(api.calls.map(({ method }) => method).filter(method => method.startsWith('instances.'))).toEqual([])
  })

  test('of Google is elsewhere if no subnet has its address, and in the network if one has', async () => {
    const hardware = { maker: 'Google', isVirtual: true, hasDevice: true }
    const setting = { machine: null, hardware, collections: { [paths.subnets]: [subnet('default', '10.0.0.0/20')] } }
    expect((await askGoogle({ ...setting, addresses: ['192.168.1.5'] })).elsewhere).toMatchObject({
      ruling: 'confirmed',
      text: 'no subnet of network default has 192.168.1.5 of this machine'
    })
    expect((await askGoogle({ ...setting, addresses: ['10.0.0.77'] })).elsewhere).toMatchObject({
      ruling: 'ruled-out',
      text: 'this machine has an address of subnet default in us-west1'
    })
  })

  test('is not known to be elsewhere where it may be a container, nor to be in the network by an address alone', async () => {
    const collections = { [paths.subnets]: [subnet('default', '10.0.0.0/20')] }
    const inContainer = { maker: 'Google', isVirtual: true, hasDevice: false }
    for (const hardware of [undefined, inContainer]) {
      expect((await askGoogle({ machine: null, hardware, collections, addresses: ['172.17.0.2'] })).elsewhere).toEqual({
        ruling: 'not-known',
        text: 'no subnet of network default has 172.17.0.2 of this machine, but a container, a pod or a virtual machine in it can have an address of its own'
      })
    }
    expect((await askGoogle({ machine: null, collections, addresses: ['10.0.0.77'] })).elsewhere).toEqual({
      ruling: 'not-known',
      text: 'this machine has an address of subnet default in us-west1, and nothing tells that it is on Google Cloud'
    })
  })

  test('that is the host of a container sends packets from its own address', async () => {
    const denied = { firewalls: [deny('deny-machine', 800, { sourceRanges: ['10.0.0.20/32'] })] }
    const { confirmed, elsewhere } = await askGoogle({ addresses: ['172.17.0.2'], firewalls: firewalls(denied) })
    expect(elsewhere.ruling).toBe('ruled-out')
    expect(confirmed.map(({ id }) => id)).toEqual(['firewall-rule'])
  })

  test('is found by its address where no metadata server answers', async () => {
    const { elsewhere, causes } = await askGoogle({
      machine: null,
      firewalls: firewalls({ firewalls: [deny('deny-search', 800, { targetTags: ['search'] })] })
    })
    expect(elsewhere).toMatchObject({ ruling: 'ruled-out' })
    expect(causes.find(({ id }) => id === 'firewall-rule')).toMatchObject({ ruling: 'confirmed' })
  })

  test('reports its project, zone and network, and nothing if what answers is not of Google', async () => {
    const { api } = await askGoogle()
    for (const [name, value] of Object.entries(api.variables)) vi.stubEnv(name, value)
    expect(await configuration.ownMachine(AbortSignal.timeout(2000))).toEqual({
      cloud: 'gcp',
      account: 'my-project-123',
      region: 'us-west1',
      zone: 'us-west1-a',
      network: 'projects/my-project-123/global/networks/default',
      id: 'client'
    })
    vi.stubEnv('GCE_METADATA_HOST', '127.0.0.1:1')
    expect(await configuration.ownMachine(AbortSignal.timeout(2000))).toBeUndefined()
  })
})

test('a target that is known by its host alone is found by the address that the host resolves to', async () => {
  const bare = {
    forwardingRule: undefined,
    endpointAddress: undefined,
    managedZone: undefined,
    network: undefined,
    project: undefined
  }
  const { causes, elsewhere, api } = await askGoogle({ target: bare as never, collections: goodCollections })
  expect(api.undocumented).toEqual([])
  expect(elsewhere.ruling).toBe('ruled-out')
  expect(causes.filter(({ ruling }) => ruling !== 'ruled-out').map(({ id }) => id)).toEqual([
    'dropped-inside-psc-service-producer'
  ])
})
