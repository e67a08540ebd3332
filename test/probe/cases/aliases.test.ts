import { expect, test } from 'vitest'
import { symptomOf } from '../../../probe/cases/symptom.ts'
import { type DnsSeen, nodata, nxdomain, publicZone, resolver, unresolved } from '../../support/evidence.ts'

const loop: DnsSeen = {
  kind: 'alias-loop',
  chain: [{ name: 'a.example', target: 'a.example', ttl: 60 }],
  errors: [],
  authoritative: false,
  recursionAvailable: true
}

/** As printed by getaddrinfo of glibc 2.36 for these replies to both of its questions. */
test.for<readonly [string, DnsSeen, string]>([
  ['aliases in a circle', loop, 'name_or_service_not_known'],
  ['an alias and nothing else', nodata('no soa', 'b.example'), 'name_or_service_not_known'],
  ['an alias of a name without address', nodata(publicZone, 'b.example'), 'name_or_service_not_known'],
  ['an alias of a name that does not exist', nxdomain(publicZone, 'b.example'), 'name_or_service_not_known'],
  ['no address, and no alias', nodata(publicZone), 'no_address_associated_with_hostname']
])('of %s clients print: %s', ([, seen, symptom]) => {
  expect(symptomOf(unresolved(resolver({ a: seen, aaaa: seen })))).toBe(symptom)
})
