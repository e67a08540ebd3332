import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { diagnose } from '../../../probe/cases/diagnose.ts'
import type { Evidence } from '../../../probe/cases/evidence.ts'
import { impairments } from '../../../probe/suspicion/impairments.ts'
import {
  createSuspicion,
  isNothingReached,
  reachOf,
  type Suspicion,
  seenInClocks,
  siftAlone
} from '../../../probe/suspicion/suspicion.ts'
import type { Vitals } from '../../../probe/suspicion/vitals.ts'
import {
  address,
  alike,
  at,
  dns,
  established,
  evidence,
  gcpTarget,
  onlyTcp,
  onlyTls,
  reply,
  resolver,
  unresolved,
  whole
} from '../../support/evidence.ts'

const well: Vitals = { stalledSeconds: 0, steppedSeconds: 0, openFiles: 50, mostOpenFiles: 1024, hasAddress: true }
const verdict = (seen: Evidence) => ({ evidence: seen, diagnosis: diagnose(seen) })
const longAgo = Number.NEGATIVE_INFINITY
const held = (suspicion: Suspicion, seen: ReturnType<typeof verdict>, start: number) =>
  suspicion.sift(seen, start).heldBy
const heldAlone = (seen: ReturnType<typeof verdict>) => siftAlone(seen).heldBy

describe('the machine', () => {
  for (const { when, vitals, sees } of [
    { when: 'is well', vitals: {}, sees: [] },
    { when: 'is a little late', vitals: { stalledSeconds: 0.9 }, sees: [] },
    { when: 'stood still', vitals: { stalledSeconds: 1.1 }, sees: ['event-loop-stall'] },
    { when: 'has its clock slewed', vitals: { steppedSeconds: -1.9 }, sees: [] },
    { when: 'has its clock set back', vitals: { steppedSeconds: -3600 }, sees: ['clock-step'] },
    { when: 'has its clock set ahead', vitals: { steppedSeconds: 3600 }, sees: ['clock-step'] },
    { when: 'is nearly out of files', vitals: { openFiles: 1000 }, sees: ['out-of-resources'] },
    { when: 'tells no limit', vitals: { openFiles: 1000, mostOpenFiles: Number.POSITIVE_INFINITY }, sees: [] },
    { when: 'has no address', vitals: { hasAddress: false }, sees: ['no-network'] }
  ]) {
    test(`that ${when}`, () => {
      const suspicion = createSuspicion(60_000)
      suspicion.noteVitals({ ...well, ...vitals })
      expect(suspicion.active()).toEqual(sees)
      // A healthy link is healthy, whatever is wrong with the machine.
      expect(held(suspicion, verdict(evidence()), longAgo)).toEqual([])
    })
  }
})

const noRoute = { kind: 'unreachable', code: 'ENETUNREACH' } as const
const cutOff = evidence({
  resolvers: [{ ...resolver(), a: dns(noRoute), aaaa: dns(noRoute), domain: dns(noRoute), endpoint: [] }],
  addresses: [address('10.0.1.7', onlyTcp(noRoute))],
  libc: undefined
})

describe('no-network', () => {
  test('is what a machine has that reaches nothing of any target', () => {
    const suspicion = createSuspicion(60_000)
    suspicion.noteEvidence(cutOff)
    expect(suspicion.active()).toEqual(['no-network'])
    expect(held(suspicion, verdict(cutOff), longAgo)).toEqual(['no-network'])
    suspicion.noteEvidence(evidence({ target: gcpTarget }))
    expect(suspicion.active()).toEqual([])
    expect(held(suspicion, verdict(cutOff), longAgo)).toEqual([])
  })

  for (const { when, seen, is } of [
    { when: 'all is well', seen: evidence(), is: 'something' },
    {
      when: 'everything is silent',
      seen: evidence({ resolvers: [resolver({ a: { kind: 'timeout' } })], addresses: [] }),
      is: 'something'
    },
    { when: 'there is no way to anything', seen: cutOff, is: 'nothing' },
    {
      when: 'there is no way to the resolver, and the endpoint is reached',
      seen: { ...cutOff, addresses: [address('10.0.1.7')] },
      is: 'something'
    },
    {
      when: 'there is no way to the resolver, and no address is known',
      seen: { ...cutOff, addresses: [] },
      is: 'unclear'
    },
    {
      when: 'there is no way to the addresses alone',
      seen: evidence({ addresses: [address('10.0.1.7', onlyTcp(noRoute))] }),
      is: 'something'
    }
  ] as const) {
    test(`reaches ${is} where ${when}`, () => {
      expect(reachOf(seen)).toBe(is)
    })
  }

  test('a missing route to the resolver alone is the link’s, and the verdict is given', () => {
    const seen = unresolved({ ...resolver(), a: dns(noRoute), aaaa: dns(noRoute), domain: dns(noRoute) })
    const suspicion = createSuspicion(60_000)
    suspicion.noteEvidence(seen)
    expect(seen.addresses).not.toEqual([])
    expect([suspicion.active(), held(suspicion, verdict(seen), longAgo)]).toEqual([[], []])
    expect(verdict(seen).diagnosis.case.id).toBe('resolver-unreachable')
    expect(heldAlone(verdict({ ...cutOff, addresses: [] }))).toEqual([])
    expect(isNothingReached(['unclear'])).toBe(false)
  })
})

describe('out-of-resources', () => {
  test('holds the verdict on the target for which a socket was refused, and on no other', () => {
    const seen = evidence({ addresses: [address('10.0.1.7', onlyTcp({ kind: 'own-fault', code: 'EMFILE' }))] })
    const suspicion = createSuspicion(60_000)
    suspicion.noteEvidence(seen)
    expect(suspicion.active()).toEqual(['out-of-resources'])
    expect(held(suspicion, verdict(seen), longAgo)).toEqual(['out-of-resources'])
    expect(held(suspicion, verdict(alike(onlyTcp({ kind: 'refused' }))), longAgo)).toEqual([])
    expect(heldAlone(verdict(seen))).toEqual(['out-of-resources'])
  })
})

describe('event-loop-stall', () => {
  const stalled = () => {
    const suspicion = createSuspicion(60_000)
    suspicion.noteVitals({ ...well, stalledSeconds: 2 })
    return suspicion
  }
  const silent = alike(onlyTcp({ kind: 'timeout' }))

  for (const { what, seen, holds } of [
    { what: 'that nothing answers', seen: silent, holds: true },
    { what: 'that TLS is silent', seen: alike(onlyTls({ kind: 'timeout' })), holds: true },
    { what: 'that the resolver is silent', seen: unresolved(resolver({ a: { kind: 'timeout' } })), holds: true },
    { what: 'that the link works and is slow', seen: alike(whole(reply(400, { seconds: 1.2 }))), holds: false },
    {
      what: 'that one address of two is silent',
      seen: evidence({ addresses: [address('10.0.1.7'), address('10.0.2.7', onlyTcp({ kind: 'timeout' }))] }),
      holds: true
    },
    { what: 'that connections are refused', seen: alike(onlyTcp({ kind: 'refused' })), holds: false },
    { what: 'that the service fails', seen: alike(whole(reply(503))), holds: false },
    { what: 'that all is well', seen: evidence(), holds: false }
  ]) {
    test(`${holds ? 'holds' : 'does not hold'} the verdict ${what}`, () => {
      expect(held(stalled(), verdict(seen), longAgo)).toEqual(holds ? ['event-loop-stall'] : [])
    })
  }

  test('is what made a reply slow, perhaps: that finding does not count, and others do', () => {
    const soon = { ...established.certificate, notAfter: at + 86_400 }
    const seen = verdict(alike(whole(reply(400, { seconds: 1.2 }), { certificate: soon })))
    const found = ({ diagnosis }: Pick<typeof seen, 'diagnosis'>) => diagnosis.findings.map(({ finding }) => finding.id)
    expect(found(seen)).toEqual(['reply-slow', 'certificate-ends-soon'])
    expect(found(stalled().sift(seen, longAgo))).toEqual(['certificate-ends-soon'])
    expect(found(createSuspicion(60_000).sift(seen, longAgo))).toEqual(['reply-slow', 'certificate-ends-soon'])
  })

  test('does not hold the verdict on a round that began after it', async () => {
    const suspicion = stalled()
    await sleep(5)
    expect(held(suspicion, verdict(silent), performance.now())).toEqual([])
    expect(suspicion.active()).toEqual(['event-loop-stall'])
  })

  test('names the work that most of it was, and none that was a small part of it', () => {
    const suspicion = createSuspicion(60_000)
    suspicion.noteVitals({ ...well, stalledSeconds: 2 }, { of: 'prod/search/a', seconds: 0.5 })
    expect(suspicion.stalledBy()).toBeUndefined()
    suspicion.noteVitals({ ...well, stalledSeconds: 2 }, { of: 'prod/search/b', seconds: 1.8 })
    expect(suspicion.stalledBy()).toEqual({ of: 'prod/search/b', seconds: 1.8 })
  })
})

const day = 86_400
const dated = (changes: Partial<typeof established.certificate>, more: Partial<typeof established> = {}, date = at) =>
  alike(whole(reply(400, { date }), { ...more, certificate: { ...established.certificate, ...changes } }))

describe('clock-step', () => {
  const stepped = (seconds: number) => {
    const suspicion = createSuspicion(60_000)
    suspicion.noteVitals({ ...well, steppedSeconds: seconds })
    return suspicion
  }

  test('holds the verdict that a certificate has expired if it had not by the clock before', () => {
    const seen = dated({ notAfter: at - 3600 }, { chainError: 'CERT_HAS_EXPIRED' })
    expect(verdict(seen).diagnosis.case.id).toBe('certificate-expired')
    expect(held(stepped(2 * 3600), verdict(seen), longAgo)).toEqual(['clock-step'])
    expect(held(stepped(1800), verdict(seen), longAgo)).toEqual([])
  })

  test('holds the verdict that all is well if a certificate was not valid by the clock before', () => {
    const seen = dated({ notBefore: at - 3600 })
    expect(verdict(seen).diagnosis.case.id).toBe('healthy')
    expect(held(stepped(2 * 3600), verdict(seen), longAgo)).toEqual(['clock-step'])
  })

  test('holds no verdict that has nothing to do with dates', () => {
    for (const seen of [evidence(), alike(onlyTcp({ kind: 'timeout' })), alike(whole(reply(503)))]) {
      expect(held(stepped(7200), verdict(seen), longAgo)).toEqual([])
    }
  })
})

describe('clock-skew', () => {
  const ahead = 3600
  /** By a server whose clock is right, while the probe's is an hour ahead. */
  const reported = (seen: Evidence): Evidence => seen
  const expired = dated({ notAfter: at - 60 }, { chainError: 'CERT_HAS_EXPIRED' }, at - ahead)
  const fine = dated({}, {}, at - ahead)

  test('is suspected when the servers of two targets disagree with the clock, and not for the sake of one of several', () => {
    const suspicion = createSuspicion(60_000)
    suspicion.expect(2)
    suspicion.noteEvidence(reported(expired))
    expect([suspicion.active(), held(suspicion, verdict(expired), longAgo)]).toEqual([[], []])
    suspicion.noteEvidence({ ...reported(fine), target: gcpTarget })
    expect([suspicion.active(), held(suspicion, verdict(expired), longAgo)]).toEqual([['clock-skew'], ['clock-skew']])
    suspicion.forget(gcpTarget.name)
    expect(suspicion.active()).toEqual([])
  })

  test('holds no verdict that is the same by the servers’ clocks', () => {
    const suspicion = createSuspicion(60_000)
    suspicion.expect(1)
    suspicion.noteEvidence(fine)
    expect(suspicion.active()).toEqual(['clock-skew'])
    const longExpired = dated({ notAfter: at - 30 * day }, { chainError: 'CERT_HAS_EXPIRED' })
    for (const seen of [fine, longExpired, alike(whole(reply(503))), alike(onlyTcp({ kind: 'timeout' }))]) {
      expect(held(suspicion, verdict(seen), longAgo)).toEqual([])
    }
  })

  test('is not spoken of by a server without a valid certificate: anybody can send any date', () => {
    const wrongDate = { date: 0 }
    for (const tls of [
      { chainError: 'SELF_SIGNED_CERT_IN_CHAIN' },
      { certificate: { ...established.certificate, coversHost: false as const } }
    ]) {
      const suspicion = createSuspicion(60_000)
      suspicion.expect(1)
      suspicion.noteEvidence(alike(whole(reply(400, wrongDate), tls)))
      expect(suspicion.active()).toEqual([])
    }
  })

  test('is told by the target that differs least', () => {
    expect(seenInClocks([], 2)).toBeUndefined()
    expect(seenInClocks([59, -59], 2)).toBeUndefined()
    expect(seenInClocks([3600, 1], 2)).toBeUndefined()
    expect(seenInClocks([3600, -61], 2)).toBe(-61)
    expect(seenInClocks([3600], 2)).toBeUndefined()
    expect(seenInClocks([3600], 1)).toBe(3600)
  })

  test('is told to the doctor by the only server that it looks at', () => {
    expect(heldAlone(verdict(expired))).toEqual(['clock-skew'])
    expect(heldAlone(verdict(fine))).toEqual([])
  })
})

test('what was seen is remembered for a while, a rejected config until another is taken', async () => {
  const suspicion = createSuspicion(200)
  expect(suspicion.active()).toEqual([])
  suspicion.rejectConfig(true)
  suspicion.noteVitals({ ...well, steppedSeconds: 10 })
  expect(suspicion.active()).toEqual(['clock-step', 'config-rejected'])
  await expect.poll(() => suspicion.active()).toEqual(['config-rejected'])
  suspicion.rejectConfig(false)
  expect(suspicion.active()).toEqual([])
})

test('each impairment says what it means, what to do and what it holds', () => {
  for (const { id, meaning, remedy, invalidates } of impairments) {
    expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/)
    expect(meaning).toMatch(/\.$/)
    expect(remedy).toMatch(/^[A-Z].*\.$/s)
    if (invalidates !== undefined) expect(invalidates).toMatch(/^verdicts .*[^.]$/)
  }
})
