import type { Diagnosis } from '../cases/diagnose.ts'
import type { Evidence } from '../cases/evidence.ts'
import { isResolved } from '../cases/reading.ts'
import { inAddressOrder } from '../facts/address.ts'
import type { Standing } from '../rounds/standing.ts'
import type { Seen } from '../words/seen.ts'
import { seenInDns } from '../words/seen-in-dns.ts'
import { seenInApplication, seenInTcp, seenInTls } from '../words/seen-on-path.ts'
import { clusterIdOf } from '../zilliz/host.ts'

/** How it is at a stop: a client gets on, does not, gets on but something is wrong, or never came there. */
export type StationMark = 'good' | 'bad' | 'careful' | 'unreached'

/** One stop on the way from a client to Zilliz Cloud. */
export interface Stop {
  readonly mark: StationMark
  readonly title: string
  /** The whole of what the title shortens. */
  readonly full?: string
  readonly what: string
  readonly seconds?: number
  readonly more?: readonly string[]
}

/** From one address on, each goes its own way. */
export interface Way {
  readonly address: Stop
  readonly tls: Stop
  readonly application: Stop
}

/** The way of a client, as the last round saw it. */
export interface Picture {
  /** Resolvers and libc. */
  readonly resolvers: readonly Stop[]
  /** What the endpoint's own name gives: no stop of a client, but good to know. */
  readonly endpoint: Stop | undefined
  /** The state of the host. */
  readonly name: Stop
  /** At least one. */
  readonly ways: readonly Way[]
}

/** The same in six marks: client, resolvers, name, addresses, TLS, Zilliz Cloud. */
export type PathMarks = Readonly<Record<(typeof stations)[number], StationMark>>
export const stations = ['client', 'resolvers', 'name', 'addresses', 'tls', 'zilliz'] as const

const unreached = (title: string): Stop => ({ mark: 'unreached', title, what: 'not reached' })

/** Draws what the last round saw. Before the first, nothing was reached. */
export function pictureOf({ target, evidence, diagnosis }: Standing): Picture {
  if (evidence === undefined) {
    const stop = { ...unreached(''), what: 'not checked yet' }
    const way = {
      address: { ...stop, title: 'Address' },
      tls: { ...stop, title: 'TLS' },
      application: { ...stop, title: 'Zilliz Cloud' }
    }
    return {
      resolvers: [{ ...stop, title: 'Resolver' }],
      endpoint: undefined,
      name: { ...stop, title: shortName(target), full: target.host },
      ways: [way]
    }
  }
  const { addresses } = evidence
  const [endpoints, resolvers] = [true, false].map(isEndpoint =>
    seenInDns(evidence).filter(({ where }) => (where === 'endpoint') === isEndpoint)
  )
  return {
    resolvers: (resolvers ?? []).map(seen => stopOf(seen, 'bad')),
    endpoint: endpoints?.map(seen => stopOf(seen, 'careful'))[0],
    name: nameOf(evidence, diagnosis),
    ways:
      addresses.length === 0
        ? [{ address: unreached('Address'), tls: unreached('TLS'), application: unreached('Zilliz Cloud') }]
        : waysOf(evidence, diagnosis)
  }
}

/** Draws it small. */
export function outlineOf({ resolvers, name, ways }: Picture): PathMarks {
  return {
    client: 'good',
    resolvers: together(resolvers),
    name: name.mark,
    addresses: together(ways.map(({ address }) => address)),
    tls: together(ways.map(({ tls }) => tls)),
    zilliz: together(ways.map(({ application }) => application))
  }
}

/** The cluster of a target: what is short enough for a box, and what a person knows it by. */
export function shortName({ host }: { readonly host: string }): string {
  return clusterIdOf(host.split('.', 1)[0] ?? host)
}

function nameOf(evidence: Evidence, diagnosis: Diagnosis): Stop {
  const { target, addresses } = evidence
  const resolved = inAddressOrder(addresses.flatMap(each => (isResolved(each) ? [each.address] : [])))
  return {
    mark: diagnosis.case.layer === 'dns' ? 'bad' : 'good',
    title: shortName(target),
    full: target.host,
    what: resolved.length === 0 ? 'no address' : `resolves to ${resolved.join(', ')}`
  }
}

/** A working path is not good if the host should not resolve to it, or does not. */
function waysOf(evidence: Evidence, diagnosis: Diagnosis): readonly Way[] {
  const [tcp, tls, application] = [seenInTcp(evidence), seenInTls(evidence), seenInApplication(evidence)]
  return evidence.addresses.map(({ address, ...given }) => {
    const isAstray = diagnosis.case.layer === 'dns' || !isResolved(given)
    const at = (all: readonly Seen[], title: string): Stop => {
      const seen = all.find(({ where }) => where === address)
      if (seen === undefined) return unreached(title)
      const stop = { ...stopOf(seen, 'bad'), title }
      return stop.mark === 'good' && isAstray ? { ...stop, mark: 'careful' } : stop
    }
    return { address: at(tcp, address), tls: at(tls, 'TLS'), application: at(application, 'Zilliz Cloud') }
  })
}

function stopOf({ good, where, what, seconds, more }: Seen, otherwise: StationMark): Stop {
  return {
    mark: good === true ? 'good' : good === false ? otherwise : 'unreached',
    title: where,
    what,
    ...(seconds === undefined ? {} : { seconds }),
    ...(more === undefined ? {} : { more })
  }
}

function together(stops: readonly Stop[]): StationMark {
  const marks = new Set(stops.map(({ mark }) => mark).filter(mark => mark !== 'unreached'))
  if (marks.size === 0) return 'unreached'
  const [only, ...others] = marks
  return only !== undefined && others.length === 0 ? only : 'careful'
}
