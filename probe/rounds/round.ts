import type { AddressEvidence, Evidence, Path, ResolverEvidence } from '../cases/evidence.ts'
import { cloudTraits } from '../clouds/traits.ts'
import { cloudOf } from '../clouds.ts'
import { canonicalAddress, inAddressOrder } from '../facts/address.ts'
import type { DnsObservation, DnsQuestion } from '../facts/observation.ts'
import { boundaryAround, crash, crashedDns, observers } from '../observers/boundary.ts'
import { type Limit, remaining } from '../observers/within.ts'
import type { Target } from '../target.ts'
import { askMisspellings, askResolver } from './ask-resolver.ts'
import { lookAt } from './patient-look.ts'
import type { AddressPatience } from './round-patience.ts'
import { withSecondLook } from './second-look.ts'
import { walk } from './walk.ts'
import type { GuardedWatch, Watch } from './watch.ts'

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
  { target, resolvers, isEarly, recent = [], pod }: Pick<Watch, 'target' | 'resolvers' | 'isEarly' | 'recent' | 'pod'>,
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
    ...(isEarly === true ? { isEarly } : {}),
    ...(pod === undefined ? {} : { pod })
  }
}

async function look(watch: GuardedWatch, signal: AbortSignal): Promise<Evidence<Target>> {
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
    ...(watch.isEarly === true ? { isEarly: true } : {}),
    ...(watch.pod === undefined ? {} : { pod: watch.pod })
  }
}

/** What the host resolves to at its resolvers; where it does not, how they say so. */
function resolvedAs(resolvers: readonly Pick<ResolverEvidence, 'a' | 'aaaa'>[]): string {
  const addresses = new Set(resolvers.flatMap(({ a, aaaa }) => [...addressesOf(a), ...addressesOf(aaaa)]))
  return (addresses.size > 0 ? inAddressOrder(addresses) : [...new Set(resolvers.map(({ a }) => a.kind))]).join()
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

/** Walks to an address with patience. A client would not accept every failure at once: those are checked on a new connection. */
async function tryAddress(
  watch: GuardedWatch,
  address: string,
  signal: AbortSignal
): Promise<Pick<AddressEvidence, 'path' | 'further'>> {
  const { budget } = watch
  const patience: AddressPatience | undefined = watch.patience
  /** Those that began while the last observed layer was silent. */
  let further: readonly Path[] = []
  const path = await walk(watch, address, async (layer, observe) => {
    const looked = await lookAt(watch, patience?.[layer], address, { ms: budget[layer], signal }, observe, limit =>
      walkWithin(watch, address, limit)
    )
    further = looked.further
    return looked.seen
  })
  const seen = await withSecondLook(path, { watch, address, signal })
  return further.length > 0 ? { path: seen, further } : { path: seen }
}

/** Walks to an address within one limit for all layers. */
function walkWithin(watch: GuardedWatch, address: string, limit: Limit): Promise<Path> {
  const start = performance.now()
  return walk(watch, address, (_, observe) => observe(remaining(limit, start)))
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
