import { isEncodable } from '../facts/dns-name.ts'
import { clusterIdOf, readSite } from './host.ts'

/** A name that a slip of the hand gives to a record instead of the host's. */
export interface Misspelling {
  readonly name: string
  /** What slipped, in words that follow "the record's name". */
  readonly slip: string
}

/**
 * The names under which the record of a host may have been made by mistake, in a zone that has none for the host.
 *
 * @param zone the zone that answered for the host, with no record; its name is not escaped
 */
export function misspellings(host: string, zone: string): readonly Misspelling[] {
  const [label = '', site = '', ...domain] = host.split('.')
  const withSite = (spelled: string) => [label, spelled, ...domain].join('.')
  const spelled = [
    // A console appends the zone's name to whatever is entered.
    { name: `${host}.${zone}`, slip: "has the zone's name twice" },
    { name: `${host} .${zone}`, slip: "has a space and the zone's name behind it" },
    // The guide's own script: a name with a trailing space, and a variable between quotes that keep it from expanding.
    { name: `${host} `, slip: 'ends in a space' },
    { name: withSite('${REGION_ID}'), slip: 'holds the variable REGION_ID instead of its value' },
    { name: withSite(readSite(site)?.region ?? site), slip: 'lacks the cloud before the region' },
    { name: [clusterIdOf(label), site, ...domain].join('.'), slip: 'lacks -privatelink' }
  ]
  return spelled.filter(({ name }) => name !== host && isEncodable(name))
}
