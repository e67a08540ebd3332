import type { Sources } from './source.ts'

/** The argument of a security group's rule that names the other side. */
type PeerArgument = Readonly<
  Partial<Record<'cidrIpv4' | 'cidrIpv6' | 'referencedSecurityGroupId' | 'prefixListId', string>>
>

/**
 * The kinds of sources that there are, each with the argument that names one in a rule for each of them.
 *
 * Rules are keyed by source, so that ranges read from the VPC and the same ranges written down are the same rules.
 */
export function sourceKinds(
  sources: Sources
): readonly { readonly kind: string; readonly sources: string[]; readonly argument: PeerArgument }[] {
  const each = '${each.value}'
  return [
    { kind: 'ipv4', sources: sources.ipv4, argument: { cidrIpv4: each } },
    { kind: 'ipv6', sources: sources.ipv6, argument: { cidrIpv6: each } },
    { kind: 'group', sources: sources.securityGroupIds, argument: { referencedSecurityGroupId: each } },
    { kind: 'prefix-list', sources: sources.prefixListIds, argument: { prefixListId: each } }
  ].filter(({ sources }) => sources.length > 0)
}
