import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { configuration } from '../../../../probe/clouds/gcp/configuration/configuration.ts'
import { googleToken, type WrongAnswer } from '../../../standin/google-api/google-api.ts'
import { host, machine, networkUrl, paths, record, target, zone } from './good-link.ts'
import { askGoogle, type Setting, startWorld } from './world.ts'

afterEach(() => {
  vi.unstubAllEnvs()
})

/** Each method that is called, the permission for it, and a cause that needs it. */
const needed = [
  ['forwardingRules.get', 'compute.forwardingRules.get', 'psc-connection-not-accepted'],
  ['networks.get', 'compute.networks.get', 'firewall-rule'],
  ['networks.getEffectiveFirewalls', 'compute.networks.getEffectiveFirewalls', 'firewall-rule'],
  [
    'regionNetworkFirewallPolicies.getEffectiveFirewalls',
    'compute.networks.getRegionEffectiveFirewalls',
    'firewall-rule'
  ],
  ['routes.list', 'compute.routes.list', 'route-missing'],
  ['managedZones.list', 'dns.managedZones.list', 'zone-not-visible-to-network'],
  ['resourceRecordSets.list', 'dns.resourceRecordSets.list', 'record-absent'],
  ['policies.list', 'dns.policies.list', 'alternative-name-servers'],
  ['responsePolicies.list', 'dns.responsePolicies.list', 'response-policy-rule']
] as const

const ofPath = ['firewall-rule', 'psc-connection-not-accepted', 'route-missing']

/** Asks where one method is answered wrongly. */
async function askWith(method: string, wrong: WrongAnswer, id: string, more: Setting = {}) {
  return askGoogle({
    case: ofPath.includes(id) ? 'no-answer-to-syn' : 'record-missing',
    ...more,
    play: { ...more.play, instead: called => (called === method ? wrong : undefined) }
  })
}

const error = (code: number, reason: string, message = '') => ({
  status: code,
  body: { error: { code, message, status: '', errors: [{ reason }], details: [] } }
})

describe('a call that is not answered costs the causes that need it, and no other', () => {
  test.for(needed)('%s is denied', async ([method, action, id]) => {
    const { causes, api } = await askWith(method, error(403, 'forbidden'), id)
    expect(api.undocumented).toEqual([])
    expect(causes.find(each => each.id === id)).toMatchObject({ ruling: 'not-known', text: `${action} was denied` })
    const others = causes.filter(({ ruling, text }) => ruling === 'not-known' && text.includes('denied'))
    expect(others.every(({ text }) => text === `${action} was denied`)).toBe(true)
    expect(causes.some(({ ruling }) => ruling === 'ruled-out')).toBe(true)
  })

  for (const [what, wrong, text] of [
    ['is throttled by status', error(429, 'rateLimitExceeded'), 'was throttled'],
    ['is throttled by reason', error(403, 'rateLimitExceeded'), 'was throttled'],
    [
      'is of an API that is not enabled',
      error(403, 'accessNotConfigured', 'Cloud DNS API has not been used in project 1 before'),
      'failed (HTTP 403: Cloud DNS API has not been used in project 1 before)'
    ],
    ['fails', error(500, 'backendError', 'try\u001b[31m again'), 'failed (HTTP 500: try\\u{1b}[31m again)'],
    [
      'gets a page of a proxy',
      { status: 200, body: '<html>' },
      'failed (the answer does not have the form that Google documents)'
    ],
    [
      'gets another form',
      { status: 200, body: { managedZones: {} } },
      'failed (the answer does not have the form that Google documents)'
    ],
    ['is redirected', { status: 302, body: '' }, 'failed (HTTP 302)'],
    ['is cut', 'cut', 'cannot be reached'],
    ['is cut within the answer', 'cut-within', 'cannot be reached'],
    ['gets an answer without end', 'endless', 'failed (its answer is longer than 16000000 bytes)'],
    ['has a token that Google refuses', error(401, 'authError'), 'there are no credentials for dns.managedZones.list']
  ] as const) {
    test(`a list of zones that ${what}`, async () => {
      const { causes } = await askWith('managedZones.list', wrong, 'zone-not-visible-to-network')
      expect(causes.find(({ id }) => id === 'zone-not-visible-to-network')).toMatchObject({
        ruling: 'not-known',
        text: expect.stringContaining(text)
      })
      expect(causes.find(({ id }) => id === 'alternative-name-servers')).toMatchObject({ ruling: 'ruled-out' })
    })
  }

  test('a silent call has no answer when its time is over, and the others are judged', async () => {
    const { causes } = await askWith('routes.list', 'silent', 'route-missing')
    expect(causes.find(({ id }) => id === 'route-missing')).toMatchObject({
      ruling: 'not-known',
      text: 'compute.routes.list was not answered in time'
    })
    expect(causes.filter(({ ruling }) => ruling === 'ruled-out').length).toBeGreaterThan(3)
  })

  test('an API that cannot be reached', async () => {
    await startWorld()
    vi.stubEnv('GOOGLE_DNS_CUSTOM_ENDPOINT', `http://127.0.0.1:${await closedPort()}/dns/v1/`)
    const { causes } = await inquire({ case: 'record-missing' })
    expect(causes.find(({ id }) => id === 'record-absent')).toMatchObject({
      text: 'the API for dns.managedZones.list cannot be reached (ECONNREFUSED)'
    })
  })
})

/** A port on which nothing listens. */
async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** Asks whatever the environment names. */
async function inquire({ case: of = 'no-answer-to-syn' }: Setting) {
  const over = new AbortController()
  const inquirer = await configuration.open(over.signal)
  const from = { addresses: ['10.0.0.20'], machine: await configuration.ownMachine(AbortSignal.timeout(2000)) }
  const answer = await inquirer.ask({ target, case: of, resolved: ['10.0.0.7'], resolvers: ['169.254.169.254'], from })
  over.abort()
  return answer
}

describe('a token goes to the API alone', () => {
  for (const [given, wrong] of [
    ['http://compute.example/compute/v1/', 'must begin with https://'],
    ['https://user:secret@compute.example/', 'is not the address of an API'],
    ['compute', 'is not the address of an API']
  ] as const) {
    test(`not to ${given}`, async () => {
      const api = await startWorld()
      vi.stubEnv('GOOGLE_COMPUTE_CUSTOM_ENDPOINT', given)
      const { causes } = await inquire({})
      expect(causes.find(({ id }) => id === 'route-missing')).toMatchObject({
        ruling: 'not-known',
        text: expect.stringContaining(`GOOGLE_COMPUTE_CUSTOM_ENDPOINT ${wrong}`)
      })
      expect(JSON.stringify(causes)).not.toContain('secret')
      expect(api.calls.filter(({ path }) => path.startsWith('/compute/'))).toEqual([])
    })
  }

  test('and is in no answer of ours', async () => {
    const { causes, elsewhere, api } = await askGoogle({ play: { instead: () => error(500, 'backendError', 'no') } })
    expect(api.tokens()).toBeGreaterThan(0)
    expect(JSON.stringify({ causes, elsewhere })).not.toContain(googleToken)
  })
})

describe('the calls of an inquiry', () => {
  test('are twelve for a link whose ids are known, in two stages', async () => {
    const { calls, api } = await askGoogle({ play: { inWaves: true } })
    expect(calls).toBe(12)
    expect(api.calls).toHaveLength(12)
    expect(api.waves()).toBe(2)
  })

  test('follow one another in at most four stages, so that an inquiry ends within 5 s even if each takes 300 ms', async () => {
    const hub = networkUrl('hub', 'hub-project')
    const shared = networkUrl('shared', 'host-project')
    const { causes, api } = await askGoogle({
      case: 'record-missing',
      collections: {
        [paths.endpoints]: [],
        [paths.machines]: [{ ...machine, networkInterfaces: [{ network: shared, networkIP: '10.0.0.20' }] }],
        'projects/host-project/global/networks': [{ name: 'shared' }],
        'projects/host-project/managedZones': [
          zone('to-hub', `${host}.`, {
            privateVisibilityConfig: { networks: [{ networkUrl: shared }] },
            peeringConfig: { targetNetwork: { networkUrl: hub } }
          })
        ],
        'projects/hub-project/managedZones': [
          zone('hubs', `${host}.`, { privateVisibilityConfig: { networks: [{ networkUrl: hub }] } })
        ],
        'projects/hub-project/managedZones/hubs/rrsets': [record(`${host}.`, 'A', '10.0.0.7')]
      },
      firewalls: {
        'projects/host-project/global/networks/shared': {},
        'projects/host-project/global/networks/shared us-west1': {}
      },
      play: { inWaves: true }
    })
    expect(api.undocumented).toEqual([])
    expect(api.waves()).toBe(4)
    expect(causes.find(({ id }) => id === 'record-absent')).toMatchObject({
      ruling: 'ruled-out',
      text: 'managed zone hubs answers with 10.0.0.7'
    })
  })

  test('read all pages of a list, and a list without end is not read', async () => {
    const zones = Array.from({ length: 7 }, (_, index) => zone(`zone-${index}`, `zone-${index}.example.`))
    const all = await askGoogle({
      case: 'record-missing',
      collections: { [paths.zones]: [...zones, zone('zilliz-privatelink-zone', `${host}.`)] },
      play: { largestPage: 2 }
    })
    expect(all.api.calls.filter(({ method }) => method === 'managedZones.list')).toHaveLength(4)
    expect(all.causes.find(({ id }) => id === 'record-absent')).toMatchObject({ ruling: 'ruled-out' })
    const many = await askGoogle({
      case: 'record-missing',
      collections: { [paths.zones]: [...zones, ...zones, ...zones] },
      play: { largestPage: 1 }
    })
    expect(many.api.calls.filter(({ method }) => method === 'managedZones.list')).toHaveLength(20)
    expect(many.causes.find(({ id }) => id === 'zone-not-visible-to-network')).toMatchObject({
      text: 'dns.managedZones.list failed (the list has more than 20 pages)'
    })
  })

  test('are shared by the targets of a link', async () => {
    const api = await startWorld()
    const over = new AbortController()
    const inquirer = await configuration.open(over.signal)
    const from = { addresses: ['10.0.0.20'], machine: await configuration.ownMachine(AbortSignal.timeout(2000)) }
    const ask = (port: number) =>
      inquirer.ask({
        target: { ...target, port },
        case: 'no-answer-to-syn',
        resolved: ['10.0.0.7'],
        resolvers: ['169.254.169.254'],
        from
      })
    await Promise.all([443, 19_530, 19_531].map(ask))
    expect(api.calls).toHaveLength(12)
    expect(api.tokens()).toBe(1)
    over.abort()
  })

  test('need the permissions of the role in modules/gcp/permissions, and no other', () => {
    const role = readFileSync('modules/gcp/permissions/cloud-facts.yaml', 'utf8')
    const permissions = [...role.matchAll(/^ {2}- (\S+)$/gm)].map(([, permission]) => permission)
    expect(permissions).toEqual(configuration.actions)
    expect(
      permissions.filter(
        permission => !/\.(get|list|getEffectiveFirewalls|getRegionEffectiveFirewalls)$/.test(permission ?? '')
      )
    ).toEqual([])
  })
})
