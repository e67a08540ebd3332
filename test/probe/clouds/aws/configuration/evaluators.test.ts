import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { AclEntry, SecurityRule } from '../../../../../probe/clouds/aws/configuration/facts.ts'
import { judgeAcl } from '../../../../../probe/clouds/aws/configuration/network-acl.ts'
import { type GroupTraffic, judgeGroups } from '../../../../../probe/clouds/aws/configuration/security-group.ts'

// Small worlds, so that rules and packets meet: addresses 10.0.0.0 to 10.0.0.15, ports 0 to 15, three groups.

const range = fc
  .record({ first: fc.integer({ min: 0, max: 15 }), length: fc.integer({ min: 28, max: 32 }) })
  .map(({ first, length }) => `10.0.0.${first}/${length}`)
const address = fc.integer({ min: 0, max: 15 }).map(last => `10.0.0.${last}`)
const ports = fc
  .tuple(fc.integer({ min: 0, max: 15 }), fc.integer({ min: 0, max: 15 }))
  .map(([one, other]) => ({ from: Math.min(one, other), to: Math.max(one, other) }))
const groupId = fc.constantFrom('sg-a', 'sg-b', 'sg-c')
const direction = fc.constantFrom('inbound' as const, 'outbound' as const)

/** Whether a range has an address, by arithmetic on the last octet. */
function holds(given: string, of: string): boolean {
  const [network = '', length = ''] = given.split('/')
  const size = 2 ** (32 - Number(length))
  const block = (text: string) => Math.floor(Number(text.split('.')[3]) / size)
  return block(network) === block(of)
}

const rule: fc.Arbitrary<SecurityRule> = fc.record({
  id: fc.constantFrom('sgr-1', 'sgr-2'),
  groupId,
  direction,
  protocol: fc.constantFrom('tcp', '6', 'udp', '-1', '1'),
  ports,
  peer: fc.oneof(
    range.map(each => ({ kind: 'range' as const, range: each })),
    groupId.map(each => ({ kind: 'group' as const, groupId: each })),
    fc.constantFrom('pl-1', 'pl-2').map(prefixListId => ({ kind: 'prefix-list' as const, prefixListId }))
  )
})

const traffic: fc.Arbitrary<GroupTraffic> = fc.record({
  direction,
  groupIds: fc.uniqueArray(groupId, { maxLength: 3 }),
  port: fc.integer({ min: 0, max: 15 }),
  peer: fc.record({ address, groupIds: fc.option(fc.uniqueArray(groupId, { maxLength: 2 }), { nil: undefined }) })
})

describe('security groups', () => {
  test('are judged as a small evaluator judges them, which asks each rule in turn', () => {
    const verdicts = new Set<string>()
    fc.assert(
      fc.property(
        fc.array(rule, { maxLength: 8 }),
        traffic,
        fc.option(fc.array(range, { maxLength: 3 }), { nil: undefined }),
        (rules, packet, listed) => {
          // One list is known or not; the other one is never known.
          const lists = listed === undefined ? {} : { 'pl-1': { kind: 'answered' as const, answer: listed } }
          let expected = 'denied'
          for (const each of rules) {
            if (!packet.groupIds.includes(each.groupId) || each.direction !== packet.direction) continue
            if (!['tcp', '6', '-1'].includes(each.protocol)) continue
            if (each.protocol !== '-1' && !(packet.port >= each.ports.from && packet.port <= each.ports.to)) continue
            let matches: boolean | undefined
            if (each.peer.kind === 'range') matches = holds(each.peer.range, packet.peer.address)
            else if (each.peer.kind === 'group') {
              const wanted = each.peer.groupId
              matches = packet.peer.groupIds === undefined ? undefined : packet.peer.groupIds.some(id => id === wanted)
            } else if (each.peer.prefixListId === 'pl-1' && listed !== undefined) {
              matches = listed.some(one => holds(one, packet.peer.address))
            }
            if (matches === true) expected = 'allowed'
            if (matches === undefined && expected === 'denied') expected = 'unknown'
          }
          verdicts.add(expected)
          expect(judgeGroups(rules, lists, packet).kind).toBe(expected)
        }
      ),
      { numRuns: 10_000 }
    )
    expect([...verdicts].sort()).toEqual(['allowed', 'denied', 'unknown'])
  })
})

const entry: fc.Arbitrary<AclEntry> = fc.record({
  number: fc.integer({ min: 1, max: 20 }),
  direction,
  allows: fc.boolean(),
  protocol: fc.constantFrom('6', '-1', '17'),
  range,
  ports
})

describe('a network ACL', () => {
  test('is judged as a small evaluator judges it, which follows each port down the list', () => {
    const verdicts = new Set<boolean>()
    fc.assert(
      fc.property(
        fc.uniqueArray(entry, { maxLength: 10, selector: each => `${each.direction} ${each.number}` }),
        fc.record({ direction, peer: address, ports }),
        (entries, packets) => {
          const denied: number[] = []
          for (let port = packets.ports.from; port <= packets.ports.to; port += 1) {
            let allows = false
            for (let number = 1; number <= 20; number += 1) {
              const each = entries.find(one => one.number === number && one.direction === packets.direction)
              if (each === undefined || each.protocol === '17' || !holds(each.range, packets.peer)) continue
              if (each.protocol === '6' && (port < each.ports.from || port > each.ports.to)) continue
              allows = each.allows
              break
            }
            if (!allows) denied.push(port)
          }
          verdicts.add(denied.length > 0)
          const verdict = judgeAcl({ id: 'acl-1', subnetIds: [], entries }, packets)
          expect(verdict.kind).toBe(denied.length > 0 ? 'denied' : 'allowed')
          if (verdict.kind === 'denied') {
            expect(verdict.ports.from).toBe(denied[0])
            expect(verdict.by?.allows ?? false).toBe(false)
          }
        }
      ),
      { numRuns: 10_000 }
    )
    expect(verdicts.size).toBe(2)
  })
})
