import { expect, test } from 'vitest'
import { readResourceSchema } from '../standin/binding-schema.ts'
import { synthesize } from '../support/synthesize.ts'
import { awsLink, awsProbe, gcpLink, gcpProbe } from './literals.ts'

type Resources = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>

async function resourcesOf(search: object, papers: object): Promise<Resources> {
  const literal = { name: 'test', backend: { type: 'local' }, links: { search, papers } }
  return JSON.parse(await synthesize(literal)).resource
}

/** Links without an option, and with every option that keeps the resources of the others. */
const bare = await resourcesOf({ ...awsLink, probe: awsProbe }, { ...gcpLink, probe: gcpProbe })
const full = await resourcesOf(
  {
    ...awsLink,
    ipAddressType: 'dualstack',
    extraSecurityGroupIds: ['sg-0a1b2c3d4e5f60719'],
    sources: ['10.20.0.0/16'],
    zoneVpcs: [{ vpcId: 'vpc-0a1b2c3d4e5f60799', region: 'us-west-2' }],
    tags: { DataClass: 'internal' },
    timeouts: { create: '20m' },
    probe: {
      ...awsProbe,
      clientSecurityGroupIds: ['sg-0a1b2c3d4e5f60718'],
      cpuArchitecture: 'ARM64',
      logRetentionDays: 90
    }
  },
  {
    ...gcpLink,
    address: '10.138.0.9',
    globalAccess: true,
    egressPriority: 500,
    egressTargetTags: ['search-client'],
    zoneNetworks: ['projects/search-test/global/networks/other'],
    labels: { 'data-class': 'internal' },
    timeouts: { create: '30m' },
    probe: { ...gcpProbe, machineType: 'e2-small' }
  }
)

// What the provider computes where it is left out keeps its last value when an option is taken out again.
test('an option that is taken out leads back, because what a provider would keep is always written', () => {
  const kept = Object.entries(full).flatMap(([type, byId]) => {
    if (type === 'terraform_data') return []
    const { attributes, blocks } = readResourceSchema(type)
    return Object.entries(byId).flatMap(([id, config]) => {
      const without = bare[type]?.[id]
      if (without === undefined) return []
      return Object.keys(config)
        .filter(name => !(name in without))
        .filter(name => attributes[name]?.optional && attributes[name].computed)
        .map(name => `${type}.${name}`)
        .concat(blocksLeftOut(blocks, config, without).map(block => `${type}.${block}`))
    })
  })
  // The address that an endpoint has stays its own: another one would replace the endpoint.
  expect([...new Set(kept)]).toEqual(['google_compute_address.address'])
})

/** The blocks that are left out, which a provider may compute, too; the bindings do not say of which. */
function blocksLeftOut(blocks: object, config: object, without: object): readonly string[] {
  return Object.keys(blocks).filter(block => block in config && !(block in without) && block !== 'timeouts')
}
