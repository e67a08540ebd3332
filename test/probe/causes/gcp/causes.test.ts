import { afterEach, describe, expect, test, vi } from 'vitest'
import { catalogue } from '../../../../probe/cases/catalogue.ts'
import { causeOf } from '../../../../probe/causes/inquiry.ts'
import { gcp } from '../../../../probe/clouds/gcp/cloud.ts'
import { configuration } from '../../../../probe/clouds/gcp/configuration/configuration.ts'
import { remedies } from '../../../../probe/clouds/gcp/remedies.ts'
import { gcpIds } from '../../../../probe/clouds/gcp/target.ts'
import { goodCollections, networkUrl, paths, subnet, target } from './good-link.ts'
import { confirmable, deny, firewalls } from './set-ups.ts'
import { askGoogle } from './world.ts'

afterEach(() => {
  vi.unstubAllEnvs()
})

/** Causes that no configuration tells of, for whatever is read. */
const untold = ['rejected-on-the-way', 'secure-web-proxy', 'smaller-mtu', 'dropped-inside-psc-service-producer']

describe('a cause in the configuration of Google Cloud is confirmed, and its neighbors are ruled out', () => {
  test.for(confirmable.map(each => [each.title, each] as const))(
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

  test('a Cloud Router may know a route that is in no list, so that none is missing for certain', async () => {
    const setting = confirmable.find(({ id }) => id === 'route-missing')
    const router = { name: 'hybrid', network: networkUrl('other') }
    const { causes, api } = await askGoogle({
      ...setting,
      collections: { ...setting?.collections, [paths.routers]: [router] }
    })
    expect(api.undocumented).toEqual([])
    expect(causes.find(({ id }) => id === 'route-missing')).toMatchObject({
      ruling: 'not-known',
      text: expect.stringContaining(
        'but Cloud Router hybrid may have learned a route, which the list of routes does not include'
      )
    })
  })

  test('clients that get the right address prove that other name servers know it', async () => {
    const setting = confirmable.find(({ id }) => id === 'alternative-name-servers')
    const { confirmed } = await askGoogle({ ...setting, case: 'healthy', resolved: ['10.0.0.7'] })
    expect(confirmed).toEqual([])
  })

  test('clients that connect from a peered network prove that the connection is propagated', async () => {
    const setting = confirmable.find(({ id }) => id === 'psc-endpoint-accessed-from-peered-network')
    const { confirmed } = await askGoogle({ ...setting, case: 'healthy' })
    expect(confirmed).toEqual([])
  })
})

describe('every candidate that a case lists on Google Cloud', () => {
  /** The cause that stands for a candidate of a remedy; those of Zilliz Cloud are asked of its own API. */
  const causeOfCandidate: Readonly<Record<string, string>> = {
    'Zilliz Cloud has not accepted the endpoint, or rejected it. The status is PENDING, REJECTED or CLOSED.':
      'psc-connection-not-accepted',
    'A firewall rule or a hierarchical policy denies egress. Google Cloud allows egress by default.': 'firewall-rule',
    'The clients are not in the region of the endpoint, and the endpoint does not allow global access.':
      'forwarding-rule-region-mismatch',
    'The clients are in a peered network. A Private Service Connect endpoint is not reachable from there.':
      'psc-endpoint-accessed-from-peered-network',
    'Secure Web Proxy or Cloud NGFW filters by the name in TLS.': 'firewall-inspection',
    'Zilliz Cloud drops the connection.': 'dropped-inside-psc-service-producer',
    'A VPN, an interconnect or an overlay has a smaller MTU and drops large packets without a message.': 'smaller-mtu',
    'A proxy or the service accepts the connection but does not answer.': 'dropped-inside-psc-service-producer',
    'A firewall, a proxy or a network policy on the path rejects the connection with an ICMP message.':
      'rejected-on-the-way',
    'The endpoint was deleted, and no machine has its address.': 'forwarding-rule-missing',
    'The next hop of the route to the address does not forward packets.': 'route-missing',
    'The record is good, but the resolver has rebind protection.': 'other-resolver'
  }
  const elsewhere = ['Zilliz Cloud allocated another port to this host.', 'None of these.']

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
  test.for(confirmable.map(each => [each.title, each] as const))(
    'of %s have the ids that were found',
    async ([, each]) => {
      const { causes } = await askGoogle(each)
      const cause = causes.find(({ id }) => id === each.id)
      if (cause?.ruling !== 'confirmed') throw new Error(`${each.id} is not confirmed`)
      const steps = gcp.stepsForCause(cause, { ...target, ...each.target })
      expect(steps.length).toBeGreaterThan(0)
      expect(JSON.stringify(steps)).not.toMatch(/undefined|<[a-z-]+>|NaN/)
    }
  )

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
    const setting = confirmable.find(({ id }) => id === 'psc-endpoint-accessed-from-peered-network')
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
      text: 'this machine has an address of subnet default in us-west1, but nothing proves that it is on Google Cloud'
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
