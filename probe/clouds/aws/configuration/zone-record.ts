import { isWithin } from '../../../facts/dns-name.ts'
import type { VpcEndpoint, ZoneRecord } from './facts.ts'

/** The records that a zone answers a name with: its own, or else those of the closest wildcard. */
export function recordsFor(name: string, zone: string, records: readonly ZoneRecord[]): readonly ZoneRecord[] {
  const own = records.filter(record => record.name === name)
  // A name that has names below it exists, and no wildcard answers it.
  if (exists(name, records)) return own
  for (let parent = above(name); parent.length >= zone.length && parent !== ''; parent = above(parent)) {
    const wild = records.filter(record => record.name === `*.${parent}`)
    if (wild.length > 0 || exists(parent, records)) return wild
  }
  return []
}

const exists = (name: string, records: readonly ZoneRecord[]) => records.some(record => isWithin(record.name, name))

const above = (name: string) => name.split('.').slice(1).join('.')

/** The types that a client asks for, or is sent to another name by. */
export const addressTypes: readonly string[] = ['A', 'AAAA', 'CNAME']

/** What a record says of an endpoint. */
export type Pointing =
  | { readonly to: 'endpoint' }
  /** The endpoint in one availability zone, by the name of that zone. */
  | { readonly to: 'one-zone'; readonly name: string }
  | { readonly to: 'other'; readonly values: readonly string[] }

/**
 * Where a record of an address type points.
 *
 * @param names of the endpoint, the regional one first
 * @param addresses of the endpoint; `undefined` if they are not known
 */
export function pointingOf(
  { alias, values }: ZoneRecord,
  names: VpcEndpoint['names'],
  addresses: readonly string[] | undefined
): Pointing | undefined {
  const targets = alias === undefined ? values : [alias]
  const [regional, ...zonal] = names
  if (targets.every(target => target === regional)) return { to: 'endpoint' }
  const name = targets.find(target => zonal.includes(target))
  if (name !== undefined) return { to: 'one-zone', name }
  if (targets.every(isAddress)) {
    if (addresses === undefined) return undefined
    const foreign = targets.filter(target => !addresses.includes(target))
    return foreign.length === 0 ? { to: 'endpoint' } : { to: 'other', values: foreign }
  }
  return { to: 'other', values: targets }
}

const isAddress = (text: string) => /^[\d.]+$/.test(text) || text.includes(':')
