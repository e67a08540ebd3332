/** The family of addresses that a resolver is asked for. */
export type AddressType = 'A' | 'AAAA'

/** What a network's resolver answers when it is asked for the addresses of a name. */
export type DnsAnswer =
  | { readonly kind: 'addresses'; readonly addresses: readonly string[] }
  /** The name exists, but has no address of the family asked for. */
  | { readonly kind: 'nodata'; readonly zone: string }
  | { readonly kind: 'nxdomain'; readonly zone: string }
  /** No private zone covers the name: public DNS is asked, which the stand-ins do not play. */
  | { readonly kind: 'public'; readonly name: string }
  /** Records that refer to each other in a circle, or for too long. */
  | { readonly kind: 'servfail'; readonly name: string }

/** A private zone as a network sees it. */
export interface PrivateZone {
  readonly name: string
  readonly records: readonly ZoneRecord[]
}

/** One record set of a zone. */
export interface ZoneRecord {
  readonly name: string
  readonly type: string
  readonly values: readonly string[]
  /** The name whose addresses of the record's type it holds instead of values of its own: Route 53's kind of pointer. */
  readonly alias?: string
}

const longestChain = 8

/**
 * Answers as Route 53 and Cloud DNS answer inside a network: the longest matching private zone decides alone, and what
 * it does not hold does not exist, whatever public DNS says.
 */
export function resolvePrivately(
  name: string,
  type: AddressType,
  zones: readonly PrivateZone[],
  publicAddresses: (name: string, type: AddressType) => readonly string[] | undefined,
  depth = 0
): DnsAnswer {
  const asked = canonicalName(name)
  if (depth > longestChain) return { kind: 'servfail', name: asked }
  const zone = closestZone(asked, zones)
  if (zone === undefined) {
    const addresses = publicAddresses(asked, type)
    if (addresses === undefined) return { kind: 'public', name: asked }
    return addresses.length > 0 ? { kind: 'addresses', addresses } : { kind: 'nodata', zone: parentOf(asked) }
  }
  const records = recordsAt(asked, zone)
  if (records === undefined) return { kind: 'nxdomain', zone: canonicalName(zone.name) }
  const addresses = records.filter(record => record.type === type).flatMap(({ values }) => values)
  if (addresses.length > 0) return { kind: 'addresses', addresses }
  const [target] = records.flatMap(record => targetsOf(record, type))
  if (target === undefined) return { kind: 'nodata', zone: canonicalName(zone.name) }
  return resolvePrivately(target, type, zones, publicAddresses, depth + 1)
}

/** A name in small letters and without the dot at its end. */
export function canonicalName(name: string): string {
  return name.toLowerCase().replace(/\.$/, '')
}

function targetsOf(record: ZoneRecord, type: AddressType): readonly string[] {
  if (record.type === 'CNAME') return record.values
  return record.type === type && record.alias !== undefined ? [record.alias] : []
}

/** The zone that decides alone: the longest that a name is in. */
export function closestZone<Zone extends PrivateZone>(name: string, zones: readonly Zone[]): Zone | undefined {
  return zones
    .filter(zone => isAtOrBelow(name, canonicalName(zone.name)))
    .toSorted((left, right) => right.name.length - left.name.length)
    .at(0)
}

function recordsAt(name: string, { records, name: zone }: PrivateZone): readonly ZoneRecord[] | undefined {
  const exact = records.filter(record => canonicalName(record.name) === name)
  if (exact.length > 0) return exact
  // A name above an existing one exists as well, though it holds nothing (RFC 8020).
  if (name === canonicalName(zone) || records.some(record => isAtOrBelow(canonicalName(record.name), name))) return []
  for (let above = parentOf(name); isAtOrBelow(above, canonicalName(zone)); above = parentOf(above)) {
    const wildcard = records.filter(record => canonicalName(record.name) === `*.${above}`)
    if (wildcard.length > 0) return wildcard
    // The closest name that exists shuts out wildcards above it (RFC 4592).
    if (records.some(record => isAtOrBelow(canonicalName(record.name), above))) return undefined
  }
  return undefined
}

function isAtOrBelow(name: string, zone: string): boolean {
  return name === zone || name.endsWith(`.${zone}`)
}

function parentOf(name: string): string {
  const dot = name.indexOf('.')
  return dot === -1 ? '' : name.slice(dot + 1)
}
