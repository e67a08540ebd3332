import { expect, test } from 'vitest'
import { diagnose } from '../../../probe/cases/diagnose.ts'
import type { Evidence } from '../../../probe/cases/evidence.ts'
import type { Target } from '../../../probe/target.ts'
import { address, answer, awsTarget, evidence, gcpTarget, libc, nodata, resolver } from '../../support/evidence.ts'

/** A host with these addresses, on each of which Zilliz Cloud answers. */
function resolvingTo(
  target: Target,
  addresses: { readonly a?: readonly string[]; readonly aaaa?: readonly string[] },
  expected: readonly string[] | undefined
): Evidence {
  const { a = [], aaaa = [] } = addresses
  const all = [...a, ...aaaa]
  return evidence({
    target,
    expected,
    libc: libc({ kind: 'answer', addresses: all }),
    resolvers: [
      resolver({
        a: a.length > 0 ? answer(a) : nodata('no soa'),
        aaaa: aaaa.length > 0 ? answer(aaaa) : nodata('no soa'),
        endpoint: expected === undefined || target.cloud === 'gcp' ? [] : [answer(expected)]
      })
    ],
    addresses: all.map(each => address(each))
  })
}

const google = (endpointAddress: string): Target => ({ ...gcpTarget, endpointAddress }) as Target
/** As doctor has it: nothing is known of the endpoint. */
const bareGoogle = { ...gcpTarget, endpointAddress: undefined } as Target

const rows: readonly { what: string; seen: Evidence; is: string; and?: readonly string[] }[] = [
  {
    what: 'an endpoint of Google Cloud in 240.0.0.0/4 is healthy',
    seen: resolvingTo(google('240.10.0.7'), { a: ['240.10.0.7'] }, ['240.10.0.7']),
    is: 'healthy',
    and: ['experimental-address']
  },
  {
    what: 'an address of 240.0.0.0/4 is not public where the endpoint is not known',
    seen: resolvingTo(bareGoogle, { a: ['240.10.0.7'] }, undefined),
    is: 'healthy',
    and: ['experimental-address']
  },
  {
    what: 'an address for benchmarks is not public where the endpoint is not known',
    seen: resolvingTo(bareGoogle, { a: ['198.18.0.7'] }, undefined),
    is: 'healthy'
  },
  {
    what: 'an address of 192.0.0.0/24 is not public where the endpoint is not known',
    seen: resolvingTo(bareGoogle, { a: ['192.0.0.7'] }, undefined),
    is: 'healthy'
  },
  {
    what: "an address that DNS64 made of the endpoint's is the endpoint's, on Google Cloud",
    seen: resolvingTo(google('10.20.1.7'), { a: ['10.20.1.7'], aaaa: ['64:ff9b::a14:107'] }, ['10.20.1.7']),
    is: 'healthy',
    and: ['synthesized-address']
  },
  {
    what: "an address that DNS64 made of the endpoint's is the endpoint's, on AWS",
    seen: resolvingTo(awsTarget, { a: ['10.20.1.7'], aaaa: ['64:ff9b::a14:107'] }, ['10.20.1.7']),
    is: 'healthy',
    and: ['synthesized-address']
  },
  {
    what: "an address that a network's own DNS64 made of the endpoint's is the endpoint's",
    seen: resolvingTo(google('10.20.1.7'), { aaaa: ['64:ff9b:1::a14:107'] }, ['10.20.1.7']),
    is: 'healthy',
    and: ['synthesized-address']
  },
  {
    what: 'DNS64 leaves out none of the addresses of which it made others',
    seen: resolvingTo(awsTarget, { aaaa: ['64:ff9b::a14:107', '64:ff9b::a14:207'] }, ['10.20.1.7', '10.20.2.7']),
    is: 'healthy',
    and: ['synthesized-address']
  },
  {
    what: 'DNS64 that knows one of two addresses leaves out the other',
    seen: resolvingTo(awsTarget, { aaaa: ['64:ff9b::a14:107'] }, ['10.20.1.7', '10.20.2.7']),
    is: 'healthy',
    and: ['endpoint-address-left-out', 'synthesized-address']
  },
  ...[
    // Each length that RFC 6052 knows.
    '2001:db8:a14:107::',
    '2001:db8:640a:1401:7::',
    '2001:db8:64:a14:1:700::',
    '2001:db8:64:a:14:107::',
    '2001:db8:64::a:1401:700:0',
    '2001:db8:64::a14:107'
  ].map(made => ({
    what: `an address that DNS64 made of the endpoint's under a prefix that the network chose is the endpoint's: ${made}`,
    seen: resolvingTo(google('10.20.1.7'), { a: ['10.20.1.7'], aaaa: [made] }, ['10.20.1.7']),
    is: 'healthy',
    and: ['synthesized-address']
  })),
  {
    what: 'an address under such a prefix that embeds another address than the host or the endpoint has is public',
    seen: resolvingTo(google('10.20.1.7'), { a: ['10.20.1.7'], aaaa: ['2001:db8:64::a14:108'] }, ['10.20.1.7']),
    is: 'resolves-partly-public',
    and: ['unexpected-address']
  },
  {
    what: 'an address that DNS64 made of a public one under such a prefix is public',
    seen: resolvingTo(google('10.20.1.7'), { a: ['8.8.8.8'], aaaa: ['2001:db8:64::808:808'] }, ['10.20.1.7']),
    is: 'resolves-public'
  },
  {
    what: 'an address that DNS64 made of a public one is public, on Google Cloud',
    seen: resolvingTo(google('10.20.1.7'), { aaaa: ['64:ff9b::608:808'] }, ['10.20.1.7']),
    is: 'resolves-public'
  },
  {
    what: 'an address that DNS64 made of a public one is public on AWS, too, whose endpoint tells nothing',
    seen: resolvingTo(awsTarget, { aaaa: ['64:ff9b::608:808'] }, undefined),
    is: 'resolves-public'
  },
  {
    what: 'an address that DNS64 made of a public one is public beside one of the endpoint',
    seen: resolvingTo(google('10.20.1.7'), { a: ['10.20.1.7'], aaaa: ['64:ff9b:1::608:808'] }, ['10.20.1.7']),
    is: 'resolves-partly-public',
    and: ['unexpected-address']
  }
]
test.for(rows)('$what', ({ seen, is, and = [] }) => {
  const { case: judged, findings } = diagnose(seen)
  expect([judged.id, ...findings.map(({ finding }) => finding.id)]).toEqual([is, ...and])
})
