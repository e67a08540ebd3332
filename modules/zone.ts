import { z } from 'zod'
import { zillizDomain } from '../probe/facts/zilliz-domain.ts'
import { shown } from '../probe/schema/mistakes.ts'
import type { Claim } from './claim.ts'
import { type Mistake, MistakesError } from './mistakes.ts'
import { isToken } from './token.ts'
import type { Host } from './zilliz/host.ts'

/**
 * Who answers a link's hosts inside its network. Each choice has a price, so a link must write one down.
 *
 * The two in the middle lead from `parent` to `per-host` in four deploys, in none of which a host is unresolved.
 */
export const Zone = z
  .enum(['parent', 'prepare-per-host', 'switch-to-per-host', 'per-host', 'existing', 'none'])
  .describe(
    [
      '`parent`: one zone for the whole of `vectordb.zillizcloud.com`, as in the guide; it hides every other Zilliz Cloud name from the network.',
      '`per-host`: a zone for each host; it hides nothing.',
      '`existing`: records in an existing private zone.',
      '`none`: no zone and no records.',
      '`prepare-per-host`, `switch-to-per-host`: steps from `parent` to `per-host`.'
    ].join(' ')
  )
export type Zone = z.output<typeof Zone>

/** Whether a zone is, or comes with, the parent zone. */
export function isWithParent(zone: Zone): boolean {
  return zone === 'parent' || zone === 'prepare-per-host' || zone === 'switch-to-per-host'
}

/** Hosts that no parent zone can answer, because they are not below its name: the endpoints of projects. */
export function outsideParent(zone: unknown, hosts: readonly Partial<Host>[] | undefined): readonly Mistake[] {
  const { data: kind } = Zone.safeParse(zone)
  if (kind === undefined || !isWithParent(kind) || !Array.isArray(hosts)) return []
  return hosts.flatMap((host, index) => {
    const message = host?.name === undefined ? undefined : outside(host.name, `zone: '${kind}'`)
    return message === undefined ? [] : [{ path: ['hosts', index], message }]
  })
}

/**
 * Stops a host that a parent zone cannot answer.
 *
 * @param where what the mistake's line starts with
 * @throws MistakesError if its name is not below that of the zone
 */
export function requireInParent(where: string, host: string): void {
  const message = outside(host, 'the parent zone')
  if (message !== undefined) throw new MistakesError([`${where}: ${message}`])
}

function outside(host: string, zone: string): string | undefined {
  if (host.endsWith(`.${zillizDomain}`) || isToken(host)) return undefined
  return `is not below ${zillizDomain}, which is all that ${zone} answers, got ${shown(host)}. Give a link with zone: 'per-host' or 'existing' to it.`
}

/** A kind of zone as a schema: the fields of a link that say more of it. */
export interface ZoneVariant {
  readonly shape: { readonly kind: z.ZodType<Zone> } & Readonly<Record<string, z.ZodType>>
}

/**
 * What is wrong between a link's zone and the fields that say more of it.
 *
 * @param link as read; a zone that could not be read takes no part
 * @param variants the kinds of zones, and with that the fields for which each has a meaning and which it needs
 */
export function zoneMistakes(link: object, variants: readonly ZoneVariant[]): readonly Mistake[] {
  const given = new Map<string, unknown>(Object.entries(link))
  const { data: zone } = Zone.safeParse(given.get('zone'))
  if (zone === undefined) return []
  const names = new Set(variants.flatMap(({ shape }) => Object.keys(shape)).filter(name => name !== 'kind'))
  const fieldOf = (name: string, kind: Zone) =>
    variants.find(({ shape }) => shape.kind.safeParse(kind).success)?.shape[name]
  return [...names].flatMap(name => {
    const field = fieldOf(name, zone)
    const isGiven = given.get(name) !== undefined
    if (field !== undefined && !isGiven && !field.safeParse(undefined).success) {
      return [{ path: [name], message: `is missing. It is required with zone: '${zone}'.` }]
    }
    if (field === undefined && isGiven) {
      const choices = Zone.options.filter(kind => fieldOf(name, kind) !== undefined).map(kind => `'${kind}'`)
      const message = `has no meaning with zone: '${zone}'. Remove it, or choose zone: ${choices.join(', ')}.`
      return [{ path: [name], message }]
    }
    return []
  })
}

/** A zone that answers in a network. */
export function zoneClaim(name: string, network: string, sharedBy?: string): Claim {
  const claim = {
    what: `the private zone ${name} on ${network}`,
    wayOut: "Let one of them make it, and give the other zone: 'existing'."
  }
  return sharedBy === undefined ? claim : { ...claim, sharedBy }
}

/**
 * A record of a host.
 *
 * @param zone where it is: `the zone Z1`
 */
export function recordClaim(host: string, zone: string): Claim {
  return { what: `the record ${host} in ${zone}`, wayOut: 'Take the host out of one of them.' }
}
