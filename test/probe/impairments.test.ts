import { describe, expect, test } from 'vitest'
import { createSuspicion, impairments, seenInClocks, seenInRound, seenInVitals } from '../../probe/impairments.ts'
import type { Vitals } from '../../probe/vitals.ts'
import { address, dns, evidence, onlyTcp, resolver, unresolved } from '../support/evidence.ts'

const well: Vitals = { stalledSeconds: 0, steppedSeconds: 0, openFiles: 50, mostOpenFiles: 1024, hasAddress: true }

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
      expect(seenInVitals({ ...well, ...vitals })).toEqual(sees)
    })
  }
})

describe('a round', () => {
  const noRoute = { kind: 'unreachable', code: 'ENETUNREACH' } as const
  for (const { when, seen, sees } of [
    { when: 'in which all is well', seen: evidence(), sees: [] },
    {
      when: 'in which everything is silent',
      seen: evidence({ resolvers: [resolver({ a: { kind: 'timeout' } })], addresses: [] }),
      sees: []
    },
    {
      when: 'that had no descriptor left',
      seen: evidence({ addresses: [address('10.0.1.7', onlyTcp({ kind: 'own-fault', code: 'EMFILE' }))] }),
      sees: ['out-of-resources']
    },
    {
      when: 'that had no way to anything',
      seen: evidence({
        resolvers: [{ ...resolver(), a: dns(noRoute) }],
        addresses: [address('10.0.1.7', onlyTcp(noRoute))]
      }),
      sees: ['no-network']
    },
    {
      when: 'that had no way to the resolver alone',
      seen: unresolved({ ...resolver(), a: dns(noRoute) }),
      sees: []
    },
    {
      when: 'that had no way to the addresses alone',
      seen: evidence({ addresses: [address('10.0.1.7', onlyTcp(noRoute))] }),
      sees: []
    }
  ]) {
    test(when, () => {
      expect(seenInRound(seen)).toEqual(sees)
    })
  }
})

test('the clock is suspected when every server disagrees with it, and not for the sake of one', () => {
  expect(seenInClocks([])).toEqual([])
  expect(seenInClocks([59, -59])).toEqual([])
  expect(seenInClocks([3600, 1])).toEqual([])
  expect(seenInClocks([3600, -61])).toEqual(['clock-skew'])
})

test('what was seen is remembered for a while, a rejected config until another is taken', async () => {
  const suspicion = createSuspicion(200)
  expect([suspicion.active(), suspicion.holding()]).toEqual([[], []])
  suspicion.rejectConfig(true)
  suspicion.feel({ ...well, steppedSeconds: 10 })
  expect(suspicion.active()).toEqual(['clock-step', 'config-rejected'])
  expect(suspicion.holding()).toEqual(['clock-step'])
  await expect.poll(() => suspicion.active()).toEqual(['config-rejected'])
  expect(suspicion.holding()).toEqual([])
  suspicion.rejectConfig(false)
  expect(suspicion.active()).toEqual([])
})

test('each impairment says what it means and what to do', () => {
  for (const { id, meaning, remedy } of impairments) {
    expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/)
    expect(meaning).toMatch(/\.$/)
    expect(remedy).not.toMatch(/\.$/)
  }
})
