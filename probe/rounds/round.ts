import type { Socket } from 'node:net'
import type { AddressEvidence, CloudTraits, Evidence, Path, RecentRound, ResolverEvidence } from '../cases/evidence.ts'
import { isPrivateZone } from '../cases/zone.ts'
import { cloudTraits } from '../clouds/traits.ts'
import { cloudOf } from '../clouds.ts'
import { canonicalAddress, inAddressOrder } from '../facts/address.ts'
import type { DnsObservation, DnsQuestion, Resolver } from '../facts/observation.ts'
import { boundaryAround, crash, crashedDns, type Observers, type OnBug, observers } from '../observers/boundary.ts'
import { dnsLimits } from '../observers/dns-limits.ts'
import type { ObserveLibc } from '../observers/libc.ts'
import type { Looked, Patience } from '../observers/patience.ts'
import type { Begin } from '../observers/tcp.ts'
import type { TlsLook } from '../observers/tls.ts'
import type { Trust } from '../observers/trust.ts'
import { type Limit, remaining } from '../observers/within.ts'
import type { Target } from '../target.ts'
import { misspellings } from '../zilliz/misspellings.ts'
import type { RoundPatience } from './round-patience.ts'
import { askedAgain, withRequest } from './second-look.ts'

/**
 * Milliseconds that each layer may take. Without patience a round takes no longer than all of them together; with it, that
 * is so where nothing is slow and what is silent is known to be.
 */
export interface Budget {
  readonly dns: number
  /** More than 3 s, or a second lost SYN is not told from silence. */
  readonly tcp: number
  readonly tls: number
  readonly application: number
}

/** What a round needs to know. */
export interface Watch {
  readonly target: Target
  /** At least one. */
  readonly resolvers: readonly Resolver[]
  /** Gives what libc says of the host: asks it, or has a sample. `undefined` leaves it out. */
  readonly observeLibc: ObserveLibc | undefined
  readonly trust: Trust
  readonly budget: Budget
  /** Waits for what is slow as long as a client does. @default - the budget alone */
  readonly patience?: RoundPatience | undefined
  /**
   * Takes queries for further exchanges, which begin while one is silent. Rejects when the signal is aborted. Default: no further
   * exchange begins.
   */
  readonly takeMore?: ((queries: number, signal: AbortSignal) => Promise<void>) | undefined
  /** Whether the round begins before its turn, because of a change. Default: false */
  readonly isEarly?: boolean
  /** The rounds before that counted, the newest first. @default - none are known */
  readonly recent?: readonly RecentRound[]
  /** Called when work for the target was done. @default - no call */
  readonly charge?: () => void
  /** For tests and the demo. */
  readonly allowLoopback: boolean
  /** @default - the system's way to an address */
  readonly begin?: Begin | undefined
  /** @default - the real ones */
  readonly observers?: Observers | undefined
  /** @default - prints it as a warning of the process */
  readonly onBug?: OnBug
}

/** A watch whose observers throw nothing. */
type Guarded = Watch & { readonly observers: Observers }

/** Nine seconds: less than the ten between two rounds. */
export const defaultBudget: Budget = { dns: 2000, tcp: 3500, tls: 2000, application: 1500 }

/** Addresses that a round tries. An endpoint may have one in each availability zone. */
const mostAddresses = 8

/**
 * Looks at all layers of one target, once: libc and every resolver, then every address that they or the endpoint have.
 * Whatever throws meanwhile becomes an observation.
 *
 * @param signal aborting it rejects with its reason
 */
export async function round(watch: Watch, signal: AbortSignal): Promise<Evidence<Target>> {
  const { onBug = (bug: unknown) => process.emitWarning(bug instanceof Error ? bug : String(bug)) } = watch
  try {
    return await look({ ...watch, observers: boundaryAround(watch.observers ?? observers, onBug) }, signal)
  } catch (bug) {
    signal.throwIfAborted()
    onBug(bug)
    return crashed(watch, bug)
  }
}

/** What is left of a round that failed outside its observers. */
export function crashed(
  { target, resolvers, isEarly, recent = [] }: Pick<Watch, 'target' | 'resolvers' | 'isEarly' | 'recent'>,
  bug: unknown
): Evidence<Target> {
  const fault = { ...crash(bug), seconds: 0 }
  return {
    target,
    traits: cloudTraits(target.cloud),
    at: Date.now() / 1000,
    resolvers: resolvers.map(resolver => {
      const failed = (type: DnsQuestion['type']) =>
        crashedDns({ question: { name: target.host, type }, resolver }, fault)
      return {
        resolver,
        a: failed('A'),
        aaaa: failed('AAAA'),
        domain: failed('SOA'),
        endpoint: [],
        canaries: [],
        misspellings: []
      }
    }),
    libc: undefined,
    expected: undefined,
    addresses: [],
    untried: [],
    recent,
    ...(isEarly === true ? { isEarly } : {})
  }
}

async function look(watch: Guarded, signal: AbortSignal): Promise<Evidence<Target>> {
  const { target, budget, patience } = watch
  const traits = cloudTraits(target.cloud)
  const at = Date.now() / 1000
  patience?.turn()
  const asking = Promise.all(watch.resolvers.map(resolver => askResolver(watch, resolver, signal)))
  const resolved = asking.then(resolvedAs)
  // Whether anybody wants it depends on how libc is observed.
  resolved.catch(() => {})
  const [libc, resolvers] = await Promise.all([
    watch.observeLibc?.(target.host, { ms: budget.dns, signal }, resolved),
    asking
  ])
  const expected = expectedAddresses(target, resolvers)
  const byLibc = new Set(libc?.kind === 'answer' ? libc.addresses.map(canonicalAddress) : [])
  const byResolvers = new Set(resolvers.flatMap(({ a, aaaa }) => [...addressesOf(a), ...addressesOf(aaaa)]))
  const known = inOrderOfNeed({ byLibc, byResolvers, expected: new Set(expected) })
  const tried = inAddressOrder(known.slice(0, mostAddresses))
  const [addresses, asked] = await Promise.all([
    Promise.all(
      tried.map(async address => ({
        address,
        byLibc: byLibc.has(address),
        byResolvers: byResolvers.has(address),
        ...(await tryAddress(watch, address, signal))
      }))
    ),
    Promise.all(resolvers.map(seen => askMisspellings(watch, traits, seen, signal)))
  ])
  return {
    target,
    traits,
    at,
    resolvers: resolvers.map((seen, index) => ({ ...seen, misspellings: asked[index] ?? [] })),
    libc,
    expected,
    addresses,
    untried: known.slice(mostAddresses),
    recent: watch.recent ?? [],
    ...(watch.isEarly === true ? { isEarly: true } : {})
  }
}

/** What the host resolves to at its resolvers; where it does not, how they say so. */
function resolvedAs(resolvers: readonly Pick<ResolverEvidence, 'a' | 'aaaa'>[]): string {
  const addresses = new Set(resolvers.flatMap(({ a, aaaa }) => [...addressesOf(a), ...addressesOf(aaaa)]))
  return (addresses.size > 0 ? inAddressOrder(addresses) : [...new Set(resolvers.map(({ a }) => a.kind))]).join()
}

/** Looks at a place with patience, if there is any, and charges the work. */
async function lookAt<T, Further>(
  { takeMore, charge = () => {} }: Guarded,
  patience: Patience<T, Further> | undefined,
  place: string,
  limit: Limit,
  first: (limit: Limit) => Promise<T>,
  further: (limit: Limit) => Promise<Further | undefined>
): Promise<Looked<T, Further>> {
  const looked =
    patience === undefined
      ? { seen: await first(limit), further: [] }
      : await patience.look(place, limit, { first, further: takeMore && further })
  charge()
  return looked
}

/** What must not be left out where a host has too many addresses comes first: the endpoint's that it has, then libc's. */
function inOrderOfNeed({
  byLibc,
  byResolvers,
  expected
}: Readonly<Record<'byLibc' | 'byResolvers' | 'expected', ReadonlySet<string>>>): readonly string[] {
  const resolved = byLibc.union(byResolvers)
  return [
    ...new Set([
      ...inAddressOrder(expected.intersection(resolved)),
      ...inAddressOrder(byLibc),
      ...inAddressOrder(byResolvers),
      ...inAddressOrder(expected)
    ])
  ]
}

/** The most queries that a round sends while nothing is lost: what a cap on queries counts with. */
export function queriesOf({ target, resolvers }: Pick<Watch, 'target' | 'resolvers'>): number {
  const endpoint = endpointNameOf(target) === undefined ? 0 : 2
  return resolvers.length * (3 + endpoint + (target.canaries?.length ?? 0))
}

/** The endpoint's own name, if it has one that is known. */
function endpointNameOf(target: Target): string | undefined {
  const { endpoint } = cloudOf(target.cloud)
  return endpoint.by === 'name' ? endpoint.of(target) : undefined
}

async function askResolver(
  watch: Guarded,
  resolver: Resolver,
  signal: AbortSignal
): Promise<Omit<ResolverEvidence, 'misspellings'>> {
  const { target, budget, patience, observers, takeMore } = watch
  const end = performance.now() + budget.dns
  const ask = async (name: string, type: DnsQuestion['type']) => {
    const observe = (limit: Limit) => observers.dns({ question: { name, type }, resolver }, limit)
    const { seen, further } = await lookAt(
      watch,
      patience?.dns,
      `${resolver.address} ${resolver.port} ${name} ${type}`,
      { ms: Math.max(1, end - performance.now()), signal },
      observe,
      async limit => ((await isTaken(takeMore, limit)) ? observe(limit) : undefined)
    )
    return further.length > 0 ? { ...seen, further } : seen
  }
  const endpointName = endpointNameOf(target)
  const hostAaaa = ask(target.host, 'AAAA')
  const [a, aaaa, domain, endpointA, endpointAaaa, ...canaries] = await Promise.all([
    ask(target.host, 'A'),
    hostAaaa,
    ask(target.host.slice(target.host.indexOf('.') + 1), 'SOA'),
    endpointName === undefined ? undefined : ask(endpointName, 'A'),
    endpointName === undefined
      ? undefined
      : hostAaaa.then(seen => (seen.kind === 'answer' ? ask(endpointName, 'AAAA') : undefined)),
    ...(target.canaries ?? []).map(name => ask(name, 'A'))
  ])
  return {
    resolver,
    a,
    aaaa,
    domain,
    endpoint: [endpointA, endpointAaaa].filter(seen => seen !== undefined),
    canaries
  }
}

/** Whether the queries of a further exchange may be sent. They may not if the limit was over first. */
async function isTaken(takeMore: Watch['takeMore'], { signal, over }: Limit): Promise<boolean> {
  try {
    await takeMore?.(dnsLimits.queries, over === undefined ? signal : AbortSignal.any([signal, over]))
    return true
  } catch (reason) {
    signal.throwIfAborted()
    if (over?.aborted === true) return false
    throw reason
  }
}

/** Only a private zone that lacks the host can hold a misspelled record of it. */
function askMisspellings(
  { target, budget, observers }: Guarded,
  { zones }: CloudTraits,
  { resolver, a }: Omit<ResolverEvidence, 'misspellings'>,
  signal: AbortSignal
): Promise<DnsObservation[]> {
  if (a.kind !== 'nxdomain' || a.chain.length > 0 || a.soa === undefined || !isPrivateZone(a.soa, zones)) {
    return Promise.resolve([])
  }
  return Promise.all(
    misspellings(target.host, a.soa.zone).map(({ name }) =>
      observers.dns({ question: { name, type: 'A' }, resolver }, { ms: budget.dns, signal })
    )
  )
}

async function tryAddress(
  watch: Guarded,
  address: string,
  signal: AbortSignal
): Promise<Pick<AddressEvidence, 'path' | 'further'>> {
  const {
    target: { host, port },
    trust,
    budget,
    patience,
    allowLoopback,
    begin,
    observers
  } = watch
  const anew = (limit: Limit) => walk(watch, address, limit)
  const withOthers = (path: Path, further: readonly Path[]) => (further.length > 0 ? { path, further } : { path })
  const { seen: tcp, further: furtherTcp } = await lookAt(
    watch,
    patience?.tcp,
    address,
    { ms: budget.tcp, signal },
    limit => observers.tcp({ address, port, allowLoopback, begin }, limit),
    anew
  )
  if (tcp.connection === undefined) return withOthers({ reached: 'nothing', tcp: tcp.observation }, furtherTcp)
  const { connection } = tcp
  const { seen: tls, further: furtherTls } = await lookAt(
    watch,
    patience?.tls,
    address,
    { ms: budget.tls, signal },
    limit => shakeHands(connection, observers.tls({ connection, host, trust }, limit)),
    anew
  )
  const place = { address, host, port, trust, budget, allowLoopback, begin, observers }
  if (tls.connection === undefined) {
    const failed = await withRequest(tls.observation, place, signal)
    return withOthers({ reached: 'tcp', tcp: tcp.observation, tls: failed }, furtherTls)
  }
  const secure = tls.connection
  const { seen: application, further } = await lookAt(
    watch,
    patience?.application,
    address,
    { ms: budget.application, signal },
    limit => usingUp(secure, observers.application({ connection: secure, host, port }, limit)),
    anew
  )
  const path: Path = {
    reached: 'tls',
    tcp: tcp.observation,
    tls: tls.observation,
    application: await askedAgain(application, place, signal)
  }
  return withOthers(path, further)
}

/** Goes as far as an address lets a client, within one limit. Leaves nothing open. */
async function walk(
  { target: { host, port }, trust, allowLoopback, begin, observers }: Guarded,
  address: string,
  limit: Limit
): Promise<Path> {
  const start = performance.now()
  const { observation: tcp, connection } = await observers.tcp({ address, port, allowLoopback, begin }, limit)
  if (connection === undefined) return { reached: 'nothing', tcp }
  const tls = await shakeHands(connection, observers.tls({ connection, host, trust }, remaining(limit, start)))
  if (tls.connection === undefined) return { reached: 'tcp', tcp, tls: tls.observation }
  const secure = tls.connection
  const application = observers.application({ connection: secure, host, port }, remaining(limit, start))
  return { reached: 'tls', tcp, tls: tls.observation, application: await usingUp(secure, application) }
}

/** A handshake that is kept open outlives its round: the connection is its own, and ends with it if it fails. */
async function shakeHands(connection: Socket, handshake: Promise<TlsLook>): Promise<TlsLook> {
  let look: TlsLook | undefined
  try {
    look = await handshake
    return look
  } finally {
    if (look?.connection === undefined) connection.destroy()
  }
}

/** An exchange uses up its connection. */
async function usingUp<T>(connection: Socket, exchange: Promise<T>): Promise<T> {
  try {
    return await exchange
  } finally {
    connection.destroy()
  }
}

function expectedAddresses(
  target: Target,
  resolvers: readonly Omit<ResolverEvidence, 'misspellings'>[]
): readonly string[] | undefined {
  const { endpoint } = cloudOf(target.cloud)
  if (endpoint.by === 'address') {
    const address = endpoint.of(target)
    return address === undefined ? undefined : [canonicalAddress(address)]
  }
  const addresses = new Set(resolvers.flatMap(({ endpoint }) => endpoint.flatMap(addressesOf)))
  return addresses.size === 0 ? undefined : inAddressOrder(addresses)
}

function addressesOf(seen: DnsObservation): readonly string[] {
  return seen.kind === 'answer' ? seen.addresses.map(({ address }) => canonicalAddress(address)) : []
}
