import { describe, expect, test } from 'vitest'
import { diagnose } from '../../../probe/cases/diagnose.ts'
import type { AddressEvidence, Evidence, Path, RecentRound, ResolverEvidence } from '../../../probe/cases/evidence.ts'
import { recentRound } from '../../../probe/cases/recent.ts'
import type { DnsObservation } from '../../../probe/facts/observation.ts'
import { looksOf } from '../../../probe/rounds/looks.ts'
import {
  address,
  alike,
  answer,
  at,
  dns,
  evidence,
  libc,
  nxdomain,
  onlyTcp,
  onlyTls,
  rcode,
  reply,
  resolver,
  unresolved,
  whole
} from '../../support/evidence.ts'

const timeout = onlyTcp({ kind: 'timeout' })
const tlsTimeout = onlyTls({ kind: 'timeout' })
const replyTimeout = whole({ layer: 'application', seconds: 10, kind: 'timeout' })
const refused = onlyTcp({ kind: 'refused' })
const well: readonly RecentRound[] = [recentRound(evidence())]

/** An address, with what became of further connections to it. */
const tried = (literal: string, path: Path, ...further: readonly Path[]): AddressEvidence => ({
  ...address(literal, path),
  ...(further.length > 0 ? { further } : {})
})
const both = (path: Path, ...further: readonly Path[]) =>
  evidence({ recent: well, addresses: [tried('10.0.1.7', path, ...further), tried('10.0.2.7', path, ...further)] })

const silence: DnsObservation = dns({ kind: 'timeout' })
const mute = (further: readonly DnsObservation[], changes: Partial<ResolverEvidence> = {}): Evidence => {
  const asked = { ...silence, further }
  const silent = { ...resolver(), a: asked, aaaa: asked, domain: asked, endpoint: [asked], ...changes }
  return { ...unresolved(silent), addresses: [], expected: undefined, recent: well }
}

const looks = (seen: Evidence) => looksOf(seen, diagnose(seen)).looks
const certain = (seen: Evidence) => looksOf(seen, diagnose(seen)).certain

describe('a round stands for three looks', () => {
  for (const { when, seen } of [
    { when: 'both addresses were silent three times', seen: both(timeout, timeout, timeout) },
    { when: 'they were silent at layers that differ', seen: both(tlsTimeout, timeout, replyTimeout) },
    { when: 'the reply did not come three times', seen: both(replyTimeout, replyTimeout, replyTimeout) },
    {
      when: 'one address was, and the other is well',
      seen: evidence({ recent: well, addresses: [address('10.0.1.7'), tried('10.0.2.7', timeout, timeout, timeout)] })
    },
    { when: 'the resolver was silent about all questions', seen: mute([silence, silence]) },
    {
      when: 'the resolver was silent about the host alone',
      seen: mute([silence, silence], { domain: dns(nxdomain()), endpoint: [dns(answer(['10.0.1.7']))] })
    }
  ]) {
    test(`if ${when}`, () => {
      expect(looks(seen)).toBe(3)
    })
  }
})

describe('a round is one look', () => {
  const half = (...further: readonly Path[]) =>
    evidence({
      recent: well,
      addresses: [tried('10.0.1.7', timeout, timeout, timeout), tried('10.0.2.7', ...([refused, ...further] as const))]
    })
  for (const { when, seen } of [
    { when: 'all is well', seen: evidence({ recent: well }) },
    { when: 'nothing was looked at again', seen: both(timeout) },
    { when: 'it was looked at again once', seen: both(timeout, timeout) },
    { when: 'one of the further connections was answered', seen: both(timeout, whole(), timeout) },
    { when: 'one of them was refused', seen: both(timeout, refused, timeout) },
    { when: 'the other address was refused', seen: half() },
    { when: 'it is the first round', seen: { ...both(timeout, timeout, timeout), recent: [] } },
    {
      when: 'the host had another address in the round before',
      seen: {
        ...both(timeout, timeout, timeout),
        recent: [recentRound(evidence({ addresses: [address('10.0.9.9')] })), ...well]
      }
    },
    { when: 'the host resolves to a public address, once', seen: { ...alike(whole(reply(503))), recent: well } },
    { when: 'there is no such name', seen: { ...unresolved(resolver({ a: nxdomain() })), recent: well } },
    { when: 'a further query was answered', seen: mute([silence, dns(answer(['10.0.1.7']))]) },
    {
      when: 'the resolver was silent about the host and fails otherwise',
      seen: mute([silence, silence], { domain: dns(rcode('SERVFAIL')) })
    }
  ]) {
    test(`if ${when}`, () => {
      expect(looks(seen)).toBe(1)
    })
  }
})

describe('a finding', () => {
  test('about an address that was silent three times is certain', () => {
    const seen = evidence({
      recent: well,
      addresses: [address('10.0.1.7'), tried('10.0.2.7', timeout, timeout, timeout)]
    })
    expect(certain(seen)).toEqual(['address-fails'])
  })

  test('about an address that was refused is not, though another one was silent three times', () => {
    const three = recentRound(evidence({ addresses: ['10.0.1.7', '10.0.2.7', '10.0.3.7'].map(each => address(each)) }))
    const seen = evidence({
      recent: [three],
      expected: undefined,
      addresses: [address('10.0.1.7'), tried('10.0.2.7', timeout, timeout, timeout), tried('10.0.3.7', refused)]
    })
    expect(certain(seen)).toEqual([])
  })

  test('that comes from many rounds is not, whatever it is about', () => {
    const half = evidence({ addresses: [address('10.0.1.7'), address('10.0.2.7', timeout)] })
    const recent = [evidence(), half, evidence(), half].map(recentRound)
    const seen = evidence({ recent, addresses: [address('10.0.1.7'), tried('10.0.2.7', timeout, timeout, timeout)] })
    expect(diagnose(seen).findings.map(({ finding }) => finding.id)).toContain('intermittent')
    expect(certain(seen)).toEqual(['address-fails'])
  })
})

describe('a verdict rests on the sample of libc', () => {
  const sample = (seen: Evidence) => looksOf(seen, diagnose(seen)).sample
  for (const { when, seen, is } of [
    { when: 'not if resolvers say the same', seen: evidence(), is: undefined },
    {
      when: 'not if both fail',
      seen: { ...unresolved(resolver({ a: nxdomain() })), libc: libc({ kind: 'not-known' }) },
      is: undefined
    },
    { when: 'if it alone fails', seen: evidence({ libc: libc({ kind: 'not-known', at: at - 7 }) }), is: at - 7 },
    {
      when: 'if it alone is well',
      seen: evidence({
        resolvers: [resolver({ a: nxdomain(), aaaa: nxdomain() })],
        libc: libc({ kind: 'answer', addresses: ['10.0.1.7'] })
      }),
      is: at
    },
    {
      when: 'if it has an address of its own that fails',
      seen: evidence({
        addresses: [
          address('10.0.1.7', whole(), { byLibc: false, byResolvers: true }),
          address('10.0.9.9', refused, { byLibc: true, byResolvers: false })
        ]
      }),
      is: at
    },
    {
      when: 'not if the lookup hangs: that is seen anew',
      seen: evidence({ libc: libc({ kind: 'pending', seconds: 11 }) }),
      is: undefined
    },
    { when: 'not if there is none', seen: evidence({ libc: undefined }), is: undefined }
  ]) {
    test(when, () => {
      expect(sample(seen)).toBe(is)
    })
  }
})
