import { isIPv4 } from 'node:net'
import { z } from 'zod'
import { SecurityGroupId } from '../../probe/clouds/aws/identifiers.ts'
import { Cidr } from '../cidr.ts'
import { PrefixListId } from './identifiers.ts'

/** A source that may connect: an address range, a security group of clients, or a prefix list. */
export const Source = z.string().transform((given, context) => {
  const kind = given.startsWith('sg-') ? SecurityGroupId : given.startsWith('pl-') ? PrefixListId : Cidr
  const result = kind.safeParse(given)
  if (result.success) return result.data
  for (const { message } of result.error.issues) context.addIssue({ code: 'custom', message })
  return z.NEVER
})

/** Sources by kind: AWS has an argument for each. Values may be Terraform expressions of lists. */
export interface Sources {
  readonly ipv4: string[]
  readonly ipv6: string[]
  readonly securityGroupIds: string[]
  readonly prefixListIds: string[]
}

/** Sorts sources by kind. */
export function sourcesByKind(sources: readonly string[]): Sources {
  const isRange = (source: string) => source.includes('/')
  const isV4 = (source: string) => isIPv4(source.split('/')[0] ?? '')
  return {
    ipv4: sources.filter(source => isRange(source) && isV4(source)),
    ipv6: sources.filter(source => isRange(source) && !isV4(source)),
    securityGroupIds: sources.filter(source => source.startsWith('sg-')),
    prefixListIds: sources.filter(source => source.startsWith('pl-'))
  }
}

/** The argument of a security group's rule that names the other side. */
type PeerArgument = Readonly<
  Partial<Record<'cidrIpv4' | 'cidrIpv6' | 'referencedSecurityGroupId' | 'prefixListId', string>>
>

/** A kind of source. */
export type SourceKind = keyof Sources

/**
 * The kinds of sources that there are, each with what the id of a rule begins with, and the argument that names one in a rule for
 * each of them.
 *
 * Rules are keyed by source, so that ranges read from the VPC and the same ranges written down are the same rules.
 */
export const eachSource: readonly {
  readonly kind: SourceKind
  readonly prefix: string
  readonly argument: PeerArgument
}[] = [
  { kind: 'ipv4', prefix: 'ipv4', argument: { cidrIpv4: '${each.value}' } },
  { kind: 'ipv6', prefix: 'ipv6', argument: { cidrIpv6: '${each.value}' } },
  { kind: 'securityGroupIds', prefix: 'group', argument: { referencedSecurityGroupId: '${each.value}' } },
  { kind: 'prefixListIds', prefix: 'prefix-list', argument: { prefixListId: '${each.value}' } }
]

/** The kinds of sources that are in use, of sources that are known at plan. */
export function sourceKinds(
  sources: Sources
): readonly { readonly kind: string; readonly sources: string[]; readonly argument: PeerArgument }[] {
  return eachSource
    .map(({ kind, prefix, argument }) => ({ kind: prefix, sources: sources[kind], argument }))
    .filter(({ sources }) => sources.length > 0)
}
