import fc from 'fast-check'
import { expect, test } from 'vitest'
import { answered } from '../../../../probe/causes/asked.ts'
import { EffectiveFirewallsAnswer } from '../../../../probe/clouds/gcp/configuration/answers.ts'
import { type EgressPacket, judgeEgress } from '../../../../probe/clouds/gcp/configuration/firewall.ts'
import { networkUrl, project } from './good-link.ts'

const ranges = fc.subarray(
  [
    '0.0.0.0/0',
    '10.0.0.0/8',
    '10.0.0.0/29',
    '10.0.0.7/32',
    '10.0.0.6',
    '10.0.0.8/30',
    '192.168.0.0/16',
    '::/0',
    'fd00::/8'
  ],
  { minLength: 1, maxLength: 3 }
)
const sources = fc.subarray(['10.0.0.16/28', '10.0.0.20/32', '10.1.0.0/16', '0.0.0.0/0'], { maxLength: 2 })
const ports = fc.subarray(['443', '80', '400-500', '1-442', '444-65535', '19530-19550'], { maxLength: 3 })
const protocols = fc.constantFrom('tcp', '6', 'udp', 'all', '17', 'icmp')
const tags = fc.subarray(['search', 'web'], { maxLength: 2 })
const accounts = fc.subarray(['a@p.iam', 'b@p.iam'], { maxLength: 1 })
const mostly = (likely: boolean) => fc.boolean().chain(one => (one === likely ? fc.constant(likely) : fc.boolean()))
const direction = mostly(true).map(egress => (egress ? 'EGRESS' : 'INGRESS'))
const disabled = mostly(false)

const vpcRule = fc
  .record({
    priority: fc.integer({ min: 0, max: 3 }),
    direction,
    disabled,
    denies: fc.boolean(),
    entries: fc.array(fc.record({ IPProtocol: protocols, ports }), { minLength: 1, maxLength: 2 }),
    destinationRanges: ranges,
    sourceRanges: sources,
    targets: fc.oneof(
      fc.constant({}),
      tags.map(targetTags => ({ targetTags })),
      accounts.map(targetServiceAccounts => ({ targetServiceAccounts }))
    )
  })
  .map(({ denies, entries, targets, ...rule }) => ({
    ...rule,
    ...targets,
    denied: denies ? entries : [],
    allowed: denies ? [] : entries
  }))

const policyRule = fc
  .record({
    direction,
    disabled,
    action: fc.constantFrom('allow', 'deny', 'goto_next', 'apply_security_profile_group'),
    targetResources: fc.subarray([networkUrl(), networkUrl('other')], { maxLength: 1 }),
    targetServiceAccounts: accounts,
    targetSecureTags: fc.subarray(
      [
        { name: 'tagValues/1', state: 'EFFECTIVE' },
        { name: 'tagValues/2', state: 'INEFFECTIVE' }
      ],
      { maxLength: 1 }
    ),
    destIpRanges: ranges,
    srcIpRanges: sources,
    destFqdns: mostly(false).map(has => (has ? ['example.com'] : [])),
    layer4Configs: fc.array(fc.record({ ipProtocol: protocols, ports }), { minLength: 1, maxLength: 2 })
  })
  .map(({ destIpRanges, srcIpRanges, destFqdns, layer4Configs, ...rule }) => ({
    ...rule,
    match: { destIpRanges, srcIpRanges, destFqdns, layer4Configs }
  }))

const policies = (type: string, most: number) =>
  fc.array(
    fc.array(policyRule, { maxLength: 3 }).chain(rules =>
      // Unlike those of a network, rules of a policy have priorities of their own.
      fc
        .shuffledSubarray(
          rules.map((_, index) => index),
          { minLength: rules.length }
        )
        .map(order => ({
          type,
          name: type.toLowerCase(),
          rules: rules.map((rule, index) => ({ ...rule, priority: order[index] }))
        }))
    ),
    { maxLength: most }
  )

const configuration = fc.record({
  order: fc.constantFrom('AFTER_CLASSIC_FIREWALL', 'BEFORE_CLASSIC_FIREWALL'),
  firewalls: fc
    .array(vpcRule, { maxLength: 4 })
    .map(all => all.map((rule, index) => ({ ...rule, name: `rule-${index}` }))),
  hierarchy: policies('HIERARCHY', 2),
  system: policies('SYSTEM_REGIONAL', 1),
  global: policies('NETWORK', 1),
  regional: policies('NETWORK_REGIONAL', 1)
})
type Configuration = typeof configuration extends fc.Arbitrary<infer Value> ? Value : never

const machine = fc.option(
  fc.record({
    tags: tags.map(items => ({ items })),
    serviceAccounts: accounts.map(all => all.map(email => ({ email })))
  }),
  { nil: undefined }
)

/** A second evaluator: it guesses what is not known, in every way, and walks the rules as the documentation lists them. */
function verdictsOf(all: Configuration, on: Pick<EgressPacket, 'machine'>): ReadonlySet<string> {
  const verdicts = new Set<string>()
  /** Guesses by the number of the question, in the order in which a walk asks. */
  const walks: (readonly boolean[])[] = [[]]
  for (let guesses = walks.pop(); guesses !== undefined; guesses = walks.pop()) {
    let asked = 0
    const known = guesses
    const open: (readonly boolean[])[] = []
    const guess = (): boolean => {
      const given = known[asked]
      asked += 1
      if (given !== undefined) return given
      if (open.length === 0) open.push([...known, true], [...known, false])
      throw new Guess()
    }
    try {
      verdicts.add(walk(all, on, guess))
    } catch (error) {
      if (!(error instanceof Guess)) throw error
      walks.push(...open)
    }
  }
  return verdicts
}

class Guess extends Error {}

function walk(all: Configuration, { machine: on }: Pick<EgressPacket, 'machine'>, guess: () => boolean): string {
  const vpc = (): string | undefined => {
    for (let priority = 0; priority <= 3; priority += 1) {
      for (const field of ['denied', 'allowed'] as const) {
        for (const rule of all.firewalls) {
          const entries = rule[field]
          if (rule.priority !== priority || entries.length === 0 || rule.disabled || rule.direction !== 'EGRESS')
            continue
          if (!entries.some(({ IPProtocol, ports: some }) => speaks(IPProtocol, some))) continue
          if (!rule.destinationRanges.some(range => has(range, '10.0.0.7'))) continue
          if (rule.sourceRanges.length > 0 && !rule.sourceRanges.some(range => has(range, '10.0.0.20'))) continue
          const { targetTags = [], targetServiceAccounts = [] } = rule as {
            targetTags?: string[]
            targetServiceAccounts?: string[]
          }
          if (targetTags.length + targetServiceAccounts.length > 0) {
            const isMeant =
              on === undefined
                ? guess()
                : on.tags.items.some(tag => targetTags.includes(tag)) ||
                  on.serviceAccounts.some(({ email }) => targetServiceAccounts.includes(email))
            if (!isMeant) continue
          }
          return field === 'denied' ? 'deny' : 'allow'
        }
      }
    }
    return undefined
  }
  const policy = (each: Configuration['hierarchy'][number]): string | undefined => {
    for (const rule of each.rules.toSorted((one, other) => Number(one.priority) - Number(other.priority))) {
      if (rule.disabled || rule.direction !== 'EGRESS') continue
      if (rule.targetResources.length > 0 && !rule.targetResources.includes(networkUrl())) continue
      const { destIpRanges, srcIpRanges, destFqdns, layer4Configs } = rule.match
      if (!layer4Configs.some(({ ipProtocol, ports: some }) => speaks(ipProtocol, some))) continue
      if (srcIpRanges.length > 0 && !srcIpRanges.some(range => has(range, '10.0.0.20'))) continue
      if (destFqdns.length === 0 && !destIpRanges.some(range => has(range, '10.0.0.7'))) continue
      if (rule.targetSecureTags.length > 0 && rule.targetSecureTags.every(({ state }) => state === 'INEFFECTIVE'))
        continue
      if (rule.targetServiceAccounts.length > 0 && on !== undefined) {
        if (!on.serviceAccounts.some(({ email }) => rule.targetServiceAccounts.includes(email))) continue
      }
      const isGuessed =
        rule.targetSecureTags.length > 0 ||
        destFqdns.length > 0 ||
        (rule.targetServiceAccounts.length > 0 && on === undefined)
      if (isGuessed && !guess()) continue
      if (rule.action === 'goto_next') return undefined
      return rule.action === 'apply_security_profile_group' ? 'inspect' : rule.action
    }
    return undefined
  }
  const network = [...all.global, ...all.regional].map(each => () => policy(each))
  const order = [
    ...[...all.hierarchy, ...all.system].map(each => () => policy(each)),
    ...(all.order === 'BEFORE_CLASSIC_FIREWALL' ? [...network, vpc] : [vpc, ...network])
  ]
  for (const stage of order) {
    const verdict = stage()
    if (verdict !== undefined) return verdict
  }
  return 'allow'
}

const speaks = (protocol: string, some: readonly string[]) => {
  if (!['tcp', '6', 'all'].includes(protocol)) return false
  if (some.length === 0) return true
  return some.some(each => {
    const [low, high] = each.split('-').map(Number)
    return low !== undefined && low <= 443 && 443 <= (high ?? low)
  })
}

const asNumber = (address: string) => address.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0)

function has(range: string, address: string): boolean {
  const [first = '', bits = '32'] = range.split('/')
  if (first.includes(':')) return false
  const size = 2 ** (32 - Number(bits))
  return Math.floor(asNumber(first) / size) === Math.floor(asNumber(address) / size)
}

test('10,000 random policies are judged as a second evaluator does, and what it cannot tell is not known', () => {
  const seen = new Map<string, number>()
  fc.assert(
    fc.property(configuration, machine, (all, on) => {
      const { order, firewalls, hierarchy, system, global, regional } = all
      const given = {
        order,
        global: EffectiveFirewallsAnswer.parse({ firewalls, firewallPolicys: [...global, ...hierarchy] }),
        regional: answered(EffectiveFirewallsAnswer.parse({ firewallPolicys: [...regional, ...hierarchy, ...system] }))
      }
      const { verdict } = judgeEgress(given, {
        network: { project, name: 'default' },
        region: 'us-west1',
        from: ['10.0.0.20'],
        to: '10.0.0.7',
        port: 443,
        machine: on
      })
      const [only = '', ...more] = verdictsOf(all, { machine: on })
      expect(verdict).toBe(more.length === 0 ? only : 'unknown')
      seen.set(verdict, (seen.get(verdict) ?? 0) + 1)
    }),
    { numRuns: 10_000 }
  )
  for (const verdict of ['allow', 'deny', 'inspect', 'unknown']) expect(seen.get(verdict), verdict).toBeGreaterThan(100)
})

test('policies that were not read decide nothing, but what comes before them does', () => {
  const denied = {
    kind: 'unanswered',
    because: 'denied',
    action: 'compute.networks.getRegionEffectiveFirewalls'
  } as const
  const judge = (policy: object, order = 'AFTER_CLASSIC_FIREWALL') =>
    judgeEgress(
      { order, global: EffectiveFirewallsAnswer.parse({ firewallPolicys: [policy] }), regional: denied },
      {
        network: { project, name: 'default' },
        region: undefined,
        from: [],
        to: '10.0.0.7',
        port: 443,
        machine: undefined
      }
    )
  const rules = [{ priority: 1, direction: 'EGRESS', action: 'deny', match: { destIpRanges: ['10.0.0.0/8'] } }]
  expect(judge({ type: 'HIERARCHY', name: 'corporate', rules })).toMatchObject({ verdict: 'deny' })
  expect(judge({ type: 'NETWORK', name: 'team', rules })).toEqual({
    verdict: 'unknown',
    why: 'compute.networks.getRegionEffectiveFirewalls was denied'
  })
})
