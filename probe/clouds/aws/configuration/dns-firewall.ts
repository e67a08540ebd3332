import type { FirewallRule } from './facts.ts'

/** What DNS Firewall does to a name. */
export type FirewallVerdict =
  | { readonly kind: 'passes'; readonly by: FirewallRule | undefined }
  | { readonly kind: 'blocked'; readonly by: FirewallRule; readonly name: string }
  /** The domains of this rule are not known, and they decide. */
  | { readonly kind: 'unknown'; readonly depends: FirewallRule }

/**
 * Whether DNS Firewall lets a query for the addresses of a host pass: the first rule that has the name decides.
 *
 * @param names the host, and then the name that it is an alias of, which rules inspect as well unless they trust aliases
 * @see https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-dns-firewall-rule-settings.html
 */
export function judgeFirewall(rules: readonly FirewallRule[], names: readonly string[]): FirewallVerdict {
  let passing: FirewallVerdict = { kind: 'passes', by: undefined }
  for (const [index, name] of names.entries()) {
    const verdict = judgeName(
      rules.filter(({ followsAliases }) => index === 0 || followsAliases),
      name
    )
    if (verdict.kind !== 'passes') return verdict
    if (index === 0) passing = verdict
    // A rule that allows the host and trusts its aliases decides for them, too.
    if (verdict.by?.followsAliases === false) return passing
  }
  return passing
}

function judgeName(rules: readonly FirewallRule[], name: string): FirewallVerdict {
  const unknown: FirewallRule[] = []
  for (const rule of rules) {
    if (rule.queryType !== undefined && rule.queryType !== 'A') continue
    if (rule.domains.kind === 'unanswered') {
      unknown.push(rule)
      continue
    }
    if (!rule.domains.answer.some(domain => isOfDomain(name, domain))) continue
    // A rule before it decides instead if it has the name. That matters only if it does otherwise.
    const depends = unknown.find(each => blocks(each) !== blocks(rule))
    if (depends !== undefined) return { kind: 'unknown', depends }
    return blocks(rule) ? { kind: 'blocked', by: rule, name } : { kind: 'passes', by: rule }
  }
  const depends = unknown.find(blocks)
  return depends === undefined ? { kind: 'passes', by: undefined } : { kind: 'unknown', depends }
}

const blocks = ({ action }: FirewallRule) => action === 'BLOCK'

/** `*.example.com` is every name below, and not the name itself. */
function isOfDomain(name: string, domain: string): boolean {
  if (domain === '*') return true
  return domain.startsWith('*.') ? name.endsWith(domain.slice(1)) : name === domain
}
