import { expect, test } from 'vitest'
import { diagnose } from '../../../probe/cases/diagnose.ts'
import type { Evidence } from '../../../probe/cases/evidence.ts'
import type { State } from '../../../probe/cases/state.ts'
import { exitCodeOfReports } from '../../../probe/doctor/consult.ts'
import {
  address,
  alike,
  answer,
  at,
  established,
  evidence,
  onlyTcp,
  reply,
  resolver,
  whole
} from '../../support/evidence.ts'

const rows: readonly (readonly [when: string, evidence: Evidence, state: State, exit: number])[] = [
  ['all is well', evidence(), 'healthy', 0],
  [
    'the certificate ends soon',
    alike(whole(reply(400), { certificate: { ...established.certificate, notAfter: at + 86_400 } })),
    'healthy',
    0
  ],
  [
    'one of two availability zones is dead',
    evidence({ addresses: [address('10.0.1.7'), address('10.0.2.7', onlyTcp({ kind: 'timeout' }))] }),
    'degraded',
    1
  ],
  [
    'one of two resolvers gives a public address as well',
    evidence({
      resolvers: [resolver(), resolver({ name: 'other', a: answer(['203.0.113.9']) })],
      addresses: [address('10.0.1.7'), address('203.0.113.9', whole(), { byResolvers: true })]
    }),
    'degraded',
    1
  ],
  ['nothing answers', alike(onlyTcp({ kind: 'timeout' })), 'failing', 1],
  ['the host resolves to a public address that answers', publicAddress(), 'failing', 1],
  ['the probe has no file descriptors', alike(onlyTcp({ kind: 'own-fault', code: 'EMFILE' })), 'unknown', 2]
]

test.for(rows.map(([when, given, state, exit]) => ({ when, given, state, exit })))(
  '$when: $state, exit status $exit',
  ({ given, state, exit }) => {
    const diagnosis = diagnose(given)
    expect([diagnosis.state, exitCodeOfReports([{ diagnosis, heldBy: [] }])]).toEqual([state, exit])
  }
)

test('of several targets the worst is the exit status, and one that is not healthy counts before one that is unknown', () => {
  const exitOf = (...all: readonly Evidence[]) =>
    exitCodeOfReports(all.map(seen => ({ diagnosis: diagnose(seen), heldBy: [] })))
  const unknown = alike(onlyTcp({ kind: 'own-fault', code: 'EMFILE' }))
  const failing = alike(onlyTcp({ kind: 'timeout' }))
  expect(exitOf(evidence(), evidence())).toBe(0)
  expect(exitOf(evidence(), unknown)).toBe(2)
  expect(exitOf(unknown, failing, evidence())).toBe(1)
})

function publicAddress(): Evidence {
  return evidence({ resolvers: [resolver({ a: answer(['203.0.113.9']) })], addresses: [address('203.0.113.9')] })
}
