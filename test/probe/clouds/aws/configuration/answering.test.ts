import { describe, expect, test } from 'vitest'
import { answeringFor } from '../../../../../probe/clouds/aws/configuration/answering.ts'
import { judgeFirewall } from '../../../../../probe/clouds/aws/configuration/dns-firewall.ts'
import type { FirewallRule } from '../../../../../probe/clouds/aws/configuration/facts.ts'
import { judgeRoute } from '../../../../../probe/clouds/aws/configuration/route.ts'
import { pointingOf, recordsFor } from '../../../../../probe/clouds/aws/configuration/zone-record.ts'

const host = 'in01-a.aws-us-west-2.vectordb.zillizcloud.com'

const zone = (name: string) => ({ id: `Z-${name}`, name, owner: '' })
const rule = (domain: string, type = 'FORWARD') => ({ id: `rslvr-rr-${domain}`, domain, type, targets: ['10.0.0.2'] })

describe('what answers for a name in a VPC', () => {
  test.for([
    { when: 'there is neither a zone nor a rule', zones: [], rules: [], answers: 'public-dns' },
    { when: 'a zone is a parent of it', zones: ['zillizcloud.com'], rules: [], answers: 'zone Z-zillizcloud.com' },
    {
      when: 'two zones are parents of it, the most specific one',
      zones: ['zillizcloud.com', 'vectordb.zillizcloud.com'],
      rules: [],
      answers: 'zone Z-vectordb.zillizcloud.com'
    },
    { when: 'a zone has a name that ends alike', zones: ['cloud.com'], rules: [], answers: 'public-dns' },
    {
      when: 'a rule is for a parent of the zone, the zone',
      zones: ['vectordb.zillizcloud.com'],
      rules: [rule('zillizcloud.com'), rule('')],
      answers: 'zone Z-vectordb.zillizcloud.com'
    },
    {
      when: 'a rule has the name of the zone, the rule',
      zones: ['vectordb.zillizcloud.com'],
      rules: [rule('vectordb.zillizcloud.com')],
      answers: 'rule rslvr-rr-vectordb.zillizcloud.com'
    },
    {
      when: 'a rule is more specific than the zone, the rule',
      zones: ['vectordb.zillizcloud.com'],
      rules: [rule(host)],
      answers: `rule rslvr-rr-${host}`
    },
    { when: 'a rule forwards every name', zones: [], rules: [rule('')], answers: 'rule rslvr-rr-' },
    {
      when: 'a rule of type SYSTEM is more specific than one that forwards',
      zones: [],
      rules: [rule('zillizcloud.com'), rule('vectordb.zillizcloud.com', 'SYSTEM')],
      answers: 'public-dns'
    }
  ])('if $when', ({ zones, rules, answers }) => {
    const by = answeringFor(host, zones.map(zone), rules)
    expect(by.by === 'zone' ? `zone ${by.zone.id}` : by.by === 'rule' ? `rule ${by.rule.id}` : by.by).toBe(answers)
  })
})

const firewallRule = (about: Partial<FirewallRule> & { readonly domains: FirewallRule['domains'] }): FirewallRule => ({
  associationId: 'rslvr-frgassoc-1',
  groupId: 'rslvr-frg-1',
  name: 'rule',
  action: 'BLOCK',
  response: 'NXDOMAIN',
  followsAliases: true,
  queryType: undefined,
  ...about
})
const domains = (...all: readonly string[]) => ({ kind: 'answered' as const, answer: all })
const unknown = {
  kind: 'unanswered' as const,
  because: 'denied' as const,
  action: 'route53resolver:ListFirewallDomains'
}
const alias = 'vpce-1-2.vpce-svc-3.us-west-2.vpce.amazonaws.com'

describe('DNS Firewall', () => {
  test.for<{ readonly when: string; readonly rules: readonly FirewallRule[]; readonly verdict: string }>([
    { when: 'it has no rule', rules: [], verdict: 'passes' },
    {
      when: 'a rule blocks names below a domain',
      rules: [firewallRule({ domains: domains('*.zillizcloud.com') })],
      verdict: 'blocked'
    },
    {
      when: 'a rule blocks the domain alone',
      rules: [firewallRule({ domains: domains('zillizcloud.com') })],
      verdict: 'passes'
    },
    { when: 'a rule blocks every name', rules: [firewallRule({ domains: domains('*') })], verdict: 'blocked' },
    {
      when: 'a rule only reports the name',
      rules: [firewallRule({ action: 'ALERT', domains: domains(host) }), firewallRule({ domains: domains(host) })],
      verdict: 'passes'
    },
    {
      when: 'a rule before it allows the host, but not its alias',
      rules: [firewallRule({ action: 'ALLOW', domains: domains(host) }), firewallRule({ domains: domains('*') })],
      verdict: 'blocked'
    },
    {
      when: 'a rule before it allows the host and trusts its aliases',
      rules: [
        firewallRule({ action: 'ALLOW', domains: domains(host), followsAliases: false }),
        firewallRule({ domains: domains('*') })
      ],
      verdict: 'passes'
    },
    {
      when: 'a rule blocks the alias',
      rules: [firewallRule({ domains: domains('*.amazonaws.com') })],
      verdict: 'blocked'
    },
    {
      when: 'a rule blocks queries of another type',
      rules: [firewallRule({ queryType: 'TXT', domains: domains('*') })],
      verdict: 'passes'
    },
    { when: 'a rule with unknown domains blocks', rules: [firewallRule({ domains: unknown })], verdict: 'unknown' },
    {
      when: 'a rule with unknown domains allows, and no other one blocks',
      rules: [firewallRule({ action: 'ALLOW', domains: unknown })],
      verdict: 'passes'
    },
    {
      when: 'a rule with unknown domains may allow what another one blocks',
      rules: [firewallRule({ action: 'ALLOW', domains: unknown }), firewallRule({ domains: domains(host) })],
      verdict: 'unknown'
    }
  ])('if $when', ({ rules, verdict }) => {
    expect(judgeFirewall(rules, [host, alias]).kind).toBe(verdict)
  })
})

describe('the records of a name', () => {
  const record = (name: string, type = 'CNAME') => ({ name, type, alias: undefined, values: [alias] })
  test.for([
    { when: 'it has its own', records: [record(host), record('*.vectordb.zillizcloud.com')], found: [host] },
    {
      when: 'a wildcard covers it',
      records: [record('*.vectordb.zillizcloud.com')],
      found: ['*.vectordb.zillizcloud.com']
    },
    {
      when: 'a wildcard is covered by a closer name that exists',
      records: [record('*.vectordb.zillizcloud.com'), record('other.aws-us-west-2.vectordb.zillizcloud.com')],
      found: []
    },
    {
      when: 'only names below it have any',
      records: [record(`x.${host}`), record('*.vectordb.zillizcloud.com')],
      found: []
    }
  ])('if $when', ({ records, found }) => {
    expect(recordsFor(host, 'vectordb.zillizcloud.com', records).map(({ name }) => name)).toEqual(found)
  })

  const names = [alias, 'vpce-1-2-us-west-2a.vpce-svc-3.us-west-2.vpce.amazonaws.com']
  test.for([
    { when: 'a CNAME has the regional name', values: [alias], alias: undefined, to: 'endpoint' },
    { when: 'an alias has the regional name', values: [], alias, to: 'endpoint' },
    { when: 'a CNAME has the name of one zone', values: names.slice(1), alias: undefined, to: 'one-zone' },
    {
      when: 'a CNAME has another name',
      values: ['vpce-9-9.vpce-svc-3.us-west-2.vpce.amazonaws.com'],
      alias: undefined,
      to: 'other'
    },
    { when: 'it has an address of the endpoint', values: ['10.0.0.5'], alias: undefined, to: 'endpoint' },
    { when: 'it has another address too', values: ['10.0.0.5', '10.0.0.6'], alias: undefined, to: 'other' }
  ])('points to $to if $when', ({ values, alias: target, to }) => {
    expect(pointingOf({ name: host, type: 'A', alias: target, values }, names, ['10.0.0.5'])?.to).toBe(to)
  })
})

describe('a route table', () => {
  const route = (range: string, through: string) => ({
    to: { kind: 'range' as const, range },
    through,
    isBlackhole: false
  })
  const table = (...routes: Parameters<typeof judgeRoute>[0]['routes']) => ({
    id: 'rtb-1',
    vpcId: 'vpc-1',
    subnetIds: [],
    isMain: true,
    routes
  })
  test('sends a packet over the most specific route', () => {
    const routes = [route('0.0.0.0/0', 'igw-1'), route('10.0.0.0/8', 'tgw-1'), route('10.20.0.0/16', 'local')]
    for (const order of [routes, routes.toReversed()]) {
      expect(judgeRoute(table(...order), {}, '10.20.0.5')).toMatchObject({ kind: 'route', route: { through: 'local' } })
    }
  })
  test('has no route of another family', () => {
    expect(judgeRoute(table(route('0.0.0.0/0', 'igw-1')), {}, 'fd00::1')).toEqual({ kind: 'none' })
  })
  test('is not judged by a prefix list that is not known', () => {
    const listed = { to: { kind: 'prefix-list' as const, prefixListId: 'pl-1' }, through: 'tgw-1', isBlackhole: false }
    expect(judgeRoute(table(listed), {}, '10.0.0.1')).toEqual({ kind: 'unknown', prefixListId: 'pl-1' })
    const lists = { 'pl-1': { kind: 'answered' as const, answer: ['10.0.0.0/24'] } }
    expect(judgeRoute(table(listed), lists, '10.0.0.1')).toMatchObject({ kind: 'route' })
  })
})
