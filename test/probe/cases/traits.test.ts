import { describe, expect, test } from 'vitest'
import { diagnose } from '../../../probe/cases/diagnose.ts'
import type { CloudTraits, Evidence } from '../../../probe/cases/evidence.ts'
import { address, answer, evidence, libc, nxdomain, resolver, unresolved, zone } from '../../support/evidence.ts'

const judged = (seen: Evidence, traits: Partial<CloudTraits> = {}) => {
  const { case: found, findings } = diagnose({ ...seen, traits: { ...seen.traits, ...traits } })
  return [found.id, ...findings.map(({ finding }) => finding.id)]
}

/** The host resolves to an address and an alias, for libc and for the resolver, and the endpoint does not tell its own. */
const resolvesTo = (literal: string, alias?: string) =>
  evidence({
    resolvers: [resolver({ a: answer([literal], alias), endpoint: [] })],
    libc: libc({ kind: 'answer', addresses: [literal] }),
    expected: undefined,
    addresses: [address(literal)]
  })

test('evidence is plain data: it is the same after it went to another process', () => {
  const seen = resolvesTo('10.0.1.7')
  expect(JSON.parse(JSON.stringify(seen.traits))).toEqual(seen.traits)
})

describe('judgement knows of a cloud what the evidence says, and no more:', () => {
  test('a zone is private by the primary name server of a cloud', () => {
    const seen = unresolved(resolver({ a: nxdomain(zone('zillizcloud.com', 'ns.cumulus.example')) }))
    expect(judged(seen)[0]).toBe('zone-not-visible')
    const zones = [{ privatePrimary: 'ns.cumulus.example', publicPrimary: '^$' }]
    expect(judged(seen, { zones })[0]).toBe('record-missing')
  })

  test('an address is inside by the name of an endpoint', () => {
    const seen = resolvesTo('198.51.100.7', 'endpoint-1.cumulus.example')
    expect(judged(seen)[0]).toBe('resolves-public')
    const endpointNames = [{ regional: String.raw`^endpoint-\d+\.cumulus\.example$`, zonal: '^never$' }]
    expect(judged(seen, { endpointNames })[0]).toBe('healthy')
  })

  test('an alias is of one zone by the name of an endpoint', () => {
    const seen = resolvesTo('10.0.1.7', 'endpoint-1-a.cumulus.example')
    expect(judged(seen)).not.toContain('zonal-record')
    const endpointNames = [{ regional: '^never$', zonal: String.raw`^endpoint-\d+-[a-z]\.` }]
    expect(judged(seen, { endpointNames })).toContain('zonal-record')
  })

  test('a global IPv6 address is inside where networks have them', () => {
    const seen = resolvesTo('2001:db8::7')
    expect(judged(seen, { hasGlobalIpv6: false })[0]).toBe('resolves-public')
    expect(judged(seen, { hasGlobalIpv6: true })[0]).toBe('healthy')
  })

  test('an address that nobody expects is elsewhere where the config has the one that is', () => {
    const seen = { ...resolvesTo('10.0.9.7'), expected: ['10.0.1.7'] }
    expect(judged(seen, { endpointBy: 'name' })[0]).toBe('healthy')
    expect(judged(seen, { endpointBy: 'address' })[0]).toBe('wrong-endpoint')
  })
})
