import { type Asked, whyUnanswered } from '../../../causes/asked.ts'
import { isPrivateAddress } from '../../../facts/private-address.ts'
import type {
  EffectiveFirewallsAnswer,
  FirewallAnswer,
  FirewallPolicyAnswer,
  InstanceAnswer,
  PolicyRuleAnswer
} from './answers.ts'
import { isUrlOf, type VpcName } from './network.ts'
import { isInRange } from './range.ts'

/** The first packet of a connection, as the firewalls of a network see it. */
export interface EgressPacket {
  readonly network: VpcName
  /** The region of the machine that sends it. */
  readonly region: string | undefined
  /** The addresses that it may leave from. Empty if they are not known. */
  readonly from: readonly string[]
  readonly to: string
  /** TCP. */
  readonly port: number
  /** The machine that sends it. `undefined` if it is not known. */
  readonly machine: Pick<InstanceAnswer, 'tags' | 'serviceAccounts'> | undefined
}

/** The firewalls of a network. */
export interface NetworkFirewalls {
  /** As the network has it: `networkFirewallPolicyEnforcementOrder`. */
  readonly order: string
  readonly global: EffectiveFirewallsAnswer
  /** What the policies of the region are, or why that is not known. */
  readonly regional: Asked<EffectiveFirewallsAnswer>
}

/** What becomes of a packet. */
export type EgressVerdict =
  | {
      readonly verdict: 'allow' | 'deny' | 'inspect'
      /** The rule, as a noun. */
      readonly by: string
      /** The rule's resource. Empty if no rule decides. */
      readonly about: readonly string[]
    }
  /** What is not known, as a clause. */
  | { readonly verdict: 'unknown'; readonly why: string }

/** Whether a rule applies: `true`, `false`, or why that is not known, as a clause. */
type Applies = boolean | string

interface OrderedRule {
  readonly priority: number
  readonly applies: Applies
  readonly action: 'allow' | 'deny' | 'inspect' | 'next'
  readonly by: string
  readonly about: readonly string[]
}

/** Rules that are evaluated together: the first that applies decides, or passes the packet to the next stage. */
type FirewallStage = readonly OrderedRule[] | { readonly unread: string }

const implied: EgressVerdict = { verdict: 'allow', by: 'the implied rule that allows egress', about: [] }

/**
 * Judges the first packet of a connection, as Google documents it:
 * https://cloud.google.com/firewall/docs/firewall-policies-rule-eval-order
 *
 * Where the configuration does not tell whether a rule applies, the verdict is that of all its possibilities if they agree.
 */
export function judgeEgress(firewalls: NetworkFirewalls, packet: EgressPacket): EgressVerdict {
  let after = implied
  for (const stage of stagesOf(firewalls, packet).toReversed()) {
    const next = after
    if ('unread' in stage) {
      after = { verdict: 'unknown', why: stage.unread }
      continue
    }
    for (const { applies, action, by, about } of stage.toReversed()) {
      if (applies === false) continue
      const then: EgressVerdict = action === 'next' ? next : { verdict: action, by, about }
      after = applies === true ? then : either(then, after, applies)
    }
  }
  return after
}

function either(one: EgressVerdict, other: EgressVerdict, why: string): EgressVerdict {
  if (other.verdict === 'unknown') return other
  return one.verdict === other.verdict ? other : { verdict: 'unknown', why }
}

function stagesOf({ order, global, regional }: NetworkFirewalls, packet: EgressPacket): readonly FirewallStage[] {
  const ofType = (answer: EffectiveFirewallsAnswer, ...types: readonly string[]) =>
    answer.firewallPolicys
      .filter(({ type = '' }) => types.includes(type))
      .toSorted((one, other) => (types[0] === 'HIERARCHY' ? 0 : one.priority - other.priority))
      .map(policy => policyStage(policy, packet))
  const inRegion = (...types: readonly string[]): readonly FirewallStage[] =>
    regional.kind === 'answered' ? ofType(regional.answer, ...types) : [{ unread: whyUnanswered(regional) }]

  const first = [...ofType(global, 'HIERARCHY'), ...ofType(global, 'SYSTEM'), ...inRegion('SYSTEM_REGIONAL')]
  const policies = [...ofType(global, 'NETWORK'), ...inRegion('NETWORK_REGIONAL')]
  const rules = [vpcStage(global.firewalls, packet)]
  return order === 'BEFORE_CLASSIC_FIREWALL' ? [...first, ...policies, ...rules] : [...first, ...rules, ...policies]
}

/** The rules of a network: of those with the same priority, one that denies comes first. */
function vpcStage(rules: readonly FirewallAnswer[], packet: EgressPacket): FirewallStage {
  return rules
    .filter(({ direction, disabled }) => direction === 'EGRESS' && !disabled)
    .map(rule => {
      const denies = rule.denied.length > 0
      return {
        priority: rule.priority,
        applies: doesVpcRuleApply(rule, packet),
        action: denies ? ('deny' as const) : ('allow' as const),
        by: `firewall rule ${rule.name} (priority ${rule.priority})`,
        about: [
          `projects/${packet.network.project}/global/firewalls/${rule.name}`,
          String(rule.priority),
          packet.network.name
        ]
      }
    })
    .toSorted((one, other) => one.priority - other.priority || rank(one) - rank(other))
}

const rank = ({ action }: OrderedRule) => (action === 'deny' ? 0 : 1)

function doesVpcRuleApply(rule: FirewallAnswer, packet: EgressPacket): Applies {
  const { allowed, denied, destinationRanges = ['0.0.0.0/0'], sourceRanges, targetTags, targetServiceAccounts } = rule
  const configs = [...allowed, ...denied].map(({ IPProtocol, ports }) => ({ ipProtocol: IPProtocol, ports }))
  const { machine } = packet
  return all([
    isForPort(configs, packet.port),
    destinationRanges.some(range => isInRange(packet.to, range)),
    isFromRanges(sourceRanges, packet.from),
    isTarget(targetTags, machine?.tags.items, `firewall rule ${rule.name} is for machines with a network tag`),
    isTarget(
      targetServiceAccounts,
      machine?.serviceAccounts.map(({ email }) => email),
      `firewall rule ${rule.name} is for machines with a service account`
    )
  ])
}

function policyStage(policy: FirewallPolicyAnswer, packet: EgressPacket): FirewallStage {
  const name = policy.shortName ?? policy.displayName ?? policy.name
  const about = policyPath(policy, packet)
  return policy.rules
    .filter(({ direction, disabled }) => direction === 'EGRESS' && !disabled)
    .map(rule => {
      const by = `rule ${rule.priority} of firewall policy ${name}`
      return {
        priority: rule.priority,
        applies: doesPolicyRuleApply(rule, packet, by),
        action: actionOf(rule),
        by,
        about: [about, String(rule.priority)]
      }
    })
    .toSorted((one, other) => one.priority - other.priority)
}

function policyPath({ type, name }: FirewallPolicyAnswer, { network, region = '-' }: EgressPacket): string {
  switch (type) {
    case 'NETWORK':
      return `projects/${network.project}/global/firewallPolicies/${name}`
    case 'NETWORK_REGIONAL':
    case 'SYSTEM_REGIONAL':
      return `projects/${network.project}/regions/${region}/firewallPolicies/${name}`
    default:
      return `locations/global/firewallPolicies/${name}`
  }
}

const actions: readonly string[] = ['allow', 'deny', 'goto_next', 'apply_security_profile_group']

function actionOf({ action }: PolicyRuleAnswer): OrderedRule['action'] {
  switch (action) {
    case 'allow':
    case 'deny':
      return action
    case 'apply_security_profile_group':
      return 'inspect'
    default:
      return 'next'
  }
}

function doesPolicyRuleApply(rule: PolicyRuleAnswer, packet: EgressPacket, by: string): Applies {
  const { machine, network, to, from } = packet
  const { match, targetResources, targetServiceAccounts, targetSecureTags, targetType = 'INSTANCES' } = rule
  const effective = targetSecureTags.filter(({ state }) => state !== 'INEFFECTIVE')
  return all([
    targetType === 'INSTANCES',
    actions.includes(rule.action ?? '') || `${by} has an action that the probe does not know`,
    targetResources.length === 0 || targetResources.some(isUrlOf(network)),
    isTarget(
      targetServiceAccounts,
      machine?.serviceAccounts.map(({ email }) => email),
      `${by} is for machines with a service account`
    ),
    targetSecureTags.length === 0 || (effective.length > 0 && `${by} is for machines with a secure tag`),
    match === undefined || isForPort(match.layer4Configs, packet.port),
    match === undefined ||
      isAmong(
        {
          ranges: match.destIpRanges.map(range => isInRange(to, range)),
          // No private address is in a country or on a list of threats.
          ofPublic: [...match.destRegionCodes, ...match.destThreatIntelligences].map(() => isPrivateAddress(to)),
          unread: [
            ...match.destAddressGroups,
            ...match.destFqdns,
            ...networkTypes(match.destNetworkContext, match.destNetworkType)
          ]
        },
        `${by} is for destinations by group, name or kind`
      ),
    match === undefined ||
      isAmong(
        {
          ranges: match.srcIpRanges.map(range => isFromRanges([range], from)),
          ofPublic: [...match.srcRegionCodes, ...match.srcThreatIntelligences].map(
            () => from.length > 0 && from.every(isPrivateAddress)
          ),
          unread: [
            ...match.srcAddressGroups,
            ...match.srcFqdns,
            ...networkTypes(match.srcNetworkContext, match.srcNetworkType)
          ]
        },
        `${by} is for sources by group, name or kind`
      )
  ])
}

const networkTypes = (...given: readonly (string | undefined)[]) =>
  given.filter(type => type !== undefined && type !== 'UNSPECIFIED')

interface Parameters {
  /** Whether each range has the address. */
  readonly ranges: readonly Applies[]
  /** For each parameter that is for public addresses, whether the address is private. */
  readonly ofPublic: readonly boolean[]
  /** Parameters that the configuration read here does not explain. */
  readonly unread: readonly unknown[]
}

/** Whether an address is meant by some kinds of parameters. If two kinds differ, it is not known. */
function isAmong({ ranges, ofPublic, unread }: Parameters, why: string): Applies {
  const kinds: readonly Applies[] = [
    ...(ranges.length === 0 ? [] : [any(ranges)]),
    ...(ofPublic.length === 0 ? [] : [ofPublic.every(Boolean) ? false : why]),
    ...(unread.length === 0 ? [] : [why])
  ]
  const [first = true, ...more] = kinds
  return more.every(each => each === first) ? first : why
}

/** Whether a rule for a protocol and ports is for a TCP port. Without any, it is for all. */
function isForPort(configs: readonly { ipProtocol: string; ports: readonly string[] }[], port: number): boolean {
  if (configs.length === 0) return true
  return configs.some(
    ({ ipProtocol, ports }) =>
      ['all', 'tcp', '6'].includes(ipProtocol.toLowerCase()) &&
      (ports.length === 0 || ports.some(range => isInPorts(port, range)))
  )
}

function isInPorts(port: number, range: string): boolean {
  const [first = '', last = first] = range.split('-')
  return Number(first) <= port && port <= Number(last)
}

/** Whether packets come from some ranges. Without any, from anywhere. */
function isFromRanges(ranges: readonly string[], from: readonly string[]): Applies {
  if (ranges.length === 0) return true
  const inside = from.map(address => ranges.some(range => isInRange(address, range)))
  const [first] = inside
  if (first === undefined) return 'the addresses of the clients in that network are not known'
  return inside.every(each => each === first)
    ? first
    : 'only some addresses of the clients are in the sources of a rule'
}

function isTarget(targets: readonly string[], own: readonly string[] | undefined, why: string): Applies {
  if (targets.length === 0) return true
  return own === undefined ? why : own.some(each => targets.includes(each))
}

function all(conditions: readonly Applies[]): Applies {
  if (conditions.includes(false)) return false
  return conditions.find(each => each !== true) ?? true
}

function any(conditions: readonly Applies[]): Applies {
  if (conditions.includes(true)) return true
  return conditions.find(each => each !== false) ?? false
}
