import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Evidence } from '../../../probe/cases/evidence.ts'
import { outlineOf, pictureOf } from '../../../probe/page/picture.ts'
import { makeReport } from '../../../probe/rounds/report.ts'
import { afterRound, newStanding } from '../../../probe/rounds/standing.ts'
import type { Target } from '../../../probe/target.ts'
import { anyEvidence } from '../../support/arbitrary-evidence.ts'
import {
  address,
  alike,
  answer,
  awsTarget,
  evidence,
  nxdomain,
  onlyTcp,
  onlyTls,
  reply,
  resolver,
  unresolved,
  whole
} from '../../support/evidence.ts'

const draw = (seen: Evidence<Target>) =>
  pictureOf(afterRound(newStanding(seen.target), makeReport(seen, { seconds: 0.1, heldBy: [] })))
/** The marks of client, resolvers, name, addresses, TLS and Zilliz Cloud. */
const marks = (seen: Evidence<Target>) => Object.values(outlineOf(draw(seen))).join(' ')

for (const { when, seen, is } of [
  { when: 'all is well', seen: evidence(), is: 'good good good good good good' },
  {
    when: 'the name is not known',
    seen: unresolved(resolver({ a: nxdomain(), aaaa: nxdomain() })),
    is: 'good bad bad careful careful careful'
  },
  {
    when: 'nothing answers to SYN',
    seen: alike(onlyTcp({ kind: 'timeout' })),
    is: 'good good good bad unreached unreached'
  },
  {
    when: 'one availability zone is dead',
    seen: evidence({ addresses: [address('10.0.1.7'), address('10.0.2.7', onlyTcp({ kind: 'timeout' }))] }),
    is: 'good good good careful good good'
  },
  {
    when: 'the handshake is cut off',
    seen: alike(onlyTls({ kind: 'reset' })),
    is: 'good good good good bad unreached'
  },
  {
    when: 'the cluster is down',
    seen: alike(whole(reply(503))),
    is: 'good good good good good bad'
  },
  {
    when: 'everything works, over the internet',
    seen: evidence({
      resolvers: [resolver({ a: answer(['203.0.113.7']) })],
      addresses: [address('203.0.113.7')]
    }),
    is: 'good good bad careful careful careful'
  },
  {
    when: 'one resolver of two does not know the name',
    seen: evidence({ resolvers: [resolver(), resolver({ name: 'stub', a: nxdomain(), aaaa: nxdomain() })] }),
    is: 'good careful good good good good'
  }
]) {
  test(`where ${when}, the way is drawn so`, () => {
    expect(marks(seen)).toBe(is)
  })
}

test('before the first round nothing is reached', () => {
  const { resolvers, name, ways } = pictureOf(newStanding(awsTarget))
  expect([...resolvers, name, ...ways.flatMap(way => Object.values(way))].map(({ mark }) => mark)).toEqual(
    Array.from({ length: 5 }, () => 'unreached')
  )
})

test('each address goes its own way, in the words that doctor prints', () => {
  const { ways } = draw(
    evidence({ addresses: [address('10.0.1.7'), address('10.0.2.7', onlyTcp({ kind: 'timeout' }))] })
  )
  expect(ways.map(way => [way.address.title, way.address.what, way.tls.what, way.application.what])).toEqual([
    ['10.0.1.7', 'port 19531 connects', 'TLSv1.3 for h2', 'status 400 over h2, so the cluster answers'],
    ['10.0.2.7', 'no answer to SYN on port 19531', 'not reached', 'not reached']
  ])
})

test('whatever was seen can be drawn, and what works all the way is never drawn as broken', () => {
  fc.assert(
    fc.property(anyEvidence, seen => {
      const standing = afterRound(newStanding(seen.target), makeReport(seen, { seconds: 0.1, heldBy: [] }))
      const outline = outlineOf(pictureOf(standing))
      expect(pictureOf(standing).ways.length).toBeGreaterThan(0)
      if (standing.diagnosis.case.id === 'healthy') {
        expect([outline.name, outline.addresses, outline.tls, outline.zilliz]).not.toContain('bad')
      }
    })
  )
})
