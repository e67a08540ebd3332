import { expect, test } from 'vitest'
import { dnsDetails } from '../../../probe/words/dns-words.ts'
import { answer, dns, nodata, nxdomain, rcode, zone } from '../../support/evidence.ts'

test.for([
  [
    'names the zone of a filter',
    dns({ ...nxdomain('no soa'), foreignSoa: zone('rpz.\n.example') } as ReturnType<typeof nxdomain>),
    ['it names the zone rpz.\\010.example, which does not contain the name']
  ],
  [
    'shows that a resolver knows the target of an alias that it does not follow',
    dns({ ...nodata('no soa', 'b\x9b.example'), followed: dns(answer(['10.0.0.7']), 'b\x9b.example') } as ReturnType<
      typeof nodata
    >),
    [
      expect.stringContaining('is an alias of b\\155.example (TTL 300 s)'),
      'query for b\\155.example alone: 10.0.0.7 (TTL 60 s)'
    ]
  ],
  ['shows nothing more where there is nothing', dns(rcode('REFUSED')), []]
] as const)('what explains a DNS reply %s', ([, seen, lines]) => {
  expect(dnsDetails(seen)).toEqual(lines)
})
