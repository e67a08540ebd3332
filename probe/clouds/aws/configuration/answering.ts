import { isWithin } from '../../../facts/dns-name.ts'
import type { ForwardingRule, HostedZone } from './facts.ts'

/** What answers for a name in a VPC. */
export type Answering =
  | { readonly by: 'zone'; readonly zone: HostedZone }
  /** The servers that a Resolver rule names. `hidden` is the zone that would answer without the rule. */
  | { readonly by: 'rule'; readonly rule: ForwardingRule; readonly hidden: HostedZone | undefined }
  | { readonly by: 'public-dns' }

/**
 * What answers for a name in a VPC: the private zone or the Resolver rule whose name is the most specific; of a zone and a rule
 * of the same name, the rule. A rule of type SYSTEM takes the name from a rule that forwards a name above it.
 *
 * @param name in lower case, without its last dot
 * @see https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/hosted-zone-private-considerations.html
 */
export function answeringFor(name: string, zones: readonly HostedZone[], rules: readonly ForwardingRule[]): Answering {
  const [zone] = zonesFor(name, zones)
  const [rule] = rules
    .filter(({ domain }) => isWithin(name, domain))
    .toSorted((one, other) => other.domain.length - one.domain.length)
  const wins = rule !== undefined && (zone === undefined || rule.domain.length >= zone.name.length)
  if (rule?.type === 'FORWARD' && wins) return { by: 'rule', rule, hidden: zone }
  return zone === undefined ? { by: 'public-dns' } : { by: 'zone', zone }
}

/** The zones that a name is in, the most specific one first. */
export function zonesFor(name: string, zones: readonly HostedZone[]): readonly HostedZone[] {
  return zones.filter(zone => isWithin(name, zone.name)).toSorted((one, other) => other.name.length - one.name.length)
}
