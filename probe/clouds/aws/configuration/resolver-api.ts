import { type Asked, after, answered, mapped, notAsked, type Unanswered } from '../../../causes/asked.ts'
import * as answers from './answers.ts'
import { type AskAws, pageFrom, type ReadPages } from './asking.ts'
import type { DnsProfile, FirewallRule, VpcDns } from './facts.ts'
import type { JsonApi } from './json-api.ts'

/** The calls to Route 53 Resolver and Route 53 Profiles, each with what is taken of its answer. */
export function resolverApi(ask: AskAws, pages: ReadPages, json: JsonApi) {
  const resolver = (action: string, input: object, signal: AbortSignal) =>
    json('route53resolver', { action, input }, signal)

  const firewallDomains = (id: string): Promise<Asked<readonly string[]>> =>
    pages('route53resolver:ListFirewallDomains', token =>
      ask(
        'route53resolver:ListFirewallDomains',
        { id, token },
        signal =>
          resolver('ListFirewallDomains', { FirewallDomainListId: id, MaxResults: 1000, ...pageFrom(token) }, signal),
        answers.FirewallDomains
      )
    )

  /** The rules of a group, in the order in which they apply. */
  const groupRules = (groupId: string, associationId: string) =>
    after(
      pages('route53resolver:ListFirewallRules', token =>
        ask(
          'route53resolver:ListFirewallRules',
          { groupId, token },
          signal =>
            resolver(
              'ListFirewallRules',
              { FirewallRuleGroupId: groupId, MaxResults: 100, ...pageFrom(token) },
              signal
            ),
          answers.GroupRules
        )
      ),
      async rules =>
        answered(
          await Promise.all(
            rules
              .toSorted((one, other) => one.priority - other.priority)
              .map(
                async ({ domainListId, priority: _, ...rule }): Promise<FirewallRule> => ({
                  ...rule,
                  associationId,
                  groupId,
                  domains:
                    domainListId === undefined
                      ? notAsked('route53resolver:ListFirewallDomains', `rule ${rule.name} has no list of domains`)
                      : await firewallDomains(domainListId)
                })
              )
          )
        )
    )

  return {
    /** The Profiles that a VPC is associated with, in the order in which it applies them. */
    profiles: (vpcId: string): Promise<Asked<readonly DnsProfile[]>> =>
      after(
        pages('route53profiles:ListProfileAssociations', token =>
          ask(
            'route53profiles:ListProfileAssociations',
            { vpcId, token },
            signal =>
              json(
                'route53profiles',
                { path: '/profileassociations', query: { resourceId: vpcId, maxResults: '100', nextToken: token } },
                signal
              ),
            answers.ProfileAssociations
          )
        ),
        async ids =>
          together(
            await Promise.all(
              ids.map(async id =>
                mapped(
                  await pages('route53profiles:ListProfileResourceAssociations', token =>
                    ask(
                      'route53profiles:ListProfileResourceAssociations',
                      { id, token },
                      signal =>
                        json(
                          'route53profiles',
                          {
                            path: `/profileresourceassociations/profileid/${encodeURIComponent(id)}`,
                            query: { maxResults: '100', nextToken: token }
                          },
                          signal
                        ),
                      answers.ProfileResources
                    )
                  ),
                  (resources): readonly DnsProfile[] => [
                    {
                      id,
                      zoneIds: resources.filter(({ kind }) => kind === 'hostedzone').map(each => each.id),
                      ruleIds: resources.filter(({ kind }) => kind === 'resolver-rule').map(each => each.id),
                      firewallGroups: resources
                        .filter(({ kind }) => kind === 'firewall-rule-group')
                        .map(each => ({ id: each.associationId, groupId: each.id, priority: each.priority }))
                    }
                  ]
                )
              )
            )
          )
      ),

    /** The Resolver rules that a VPC is associated with, and those of its Profiles after them. */
    forwarding: async (
      vpcId: string,
      profiles: Promise<Asked<readonly DnsProfile[]>>
    ): Promise<VpcDns['forwarding']> => {
      const [associated, rules, ofProfiles] = await Promise.all([
        pages('route53resolver:ListResolverRuleAssociations', token =>
          ask(
            'route53resolver:ListResolverRuleAssociations',
            { vpcId, token },
            signal =>
              resolver(
                'ListResolverRuleAssociations',
                { Filters: [{ Name: 'VPCId', Values: [vpcId] }], MaxResults: 100, ...pageFrom(token) },
                signal
              ),
            answers.RuleAssociations
          )
        ),
        pages('route53resolver:ListResolverRules', token =>
          ask(
            'route53resolver:ListResolverRules',
            { token },
            signal => resolver('ListResolverRules', { MaxResults: 100, ...pageFrom(token) }, signal),
            answers.ForwardingRules
          )
        ),
        profiles
      ])
      if (associated.kind === 'unanswered') return associated
      if (rules.kind === 'unanswered') return rules
      if (ofProfiles.kind === 'unanswered') return ofProfiles
      const ids = [...new Set([...associated.answer, ...ofProfiles.answer.flatMap(({ ruleIds }) => ruleIds)])]
      const found = ids.map(id => rules.answer.find(rule => rule.id === id))
      const unlisted = ids.find((_, index) => found[index] === undefined)
      if (unlisted === undefined) return answered(found.filter(rule => rule !== undefined))
      // A rule of another account, of which a VPC or a Profile is shared.
      const detail = `Resolver rule ${unlisted} applies to the VPC, and is not among the rules that the credentials list`
      return { kind: 'unanswered', because: 'failed', action: 'route53resolver:ListResolverRules', detail }
    },

    /** The rules of DNS Firewall for a VPC and its Profiles, in the order in which it applies them. */
    firewall: async (vpcId: string, profiles: Promise<Asked<readonly DnsProfile[]>>): Promise<VpcDns['firewall']> => {
      const [own, ofProfiles] = await Promise.all([
        pages('route53resolver:ListFirewallRuleGroupAssociations', token =>
          ask(
            'route53resolver:ListFirewallRuleGroupAssociations',
            { vpcId, token },
            signal =>
              resolver(
                'ListFirewallRuleGroupAssociations',
                { VpcId: vpcId, MaxResults: 100, ...pageFrom(token) },
                signal
              ),
            answers.FirewallAssociations
          )
        ),
        profiles
      ])
      if (own.kind === 'unanswered') return own
      if (ofProfiles.kind === 'unanswered') return ofProfiles
      const groups = [...own.answer, ...ofProfiles.answer.flatMap(({ firewallGroups }) => firewallGroups)]
      return together(
        await Promise.all(
          groups
            .toSorted((one, other) => one.priority - other.priority)
            .map(({ id, groupId }) => groupRules(groupId, id))
        )
      )
    }
  }
}

/** All elements of some lists, if all are there. */
function together<Element>(lists: readonly Asked<readonly Element[]>[]): Asked<readonly Element[]> {
  const [missing] = lists.filter((each): each is Unanswered => each.kind === 'unanswered')
  return missing ?? answered(lists.flatMap(each => (each.kind === 'answered' ? each.answer : [])))
}
