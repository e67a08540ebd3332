import { describe, expect, test } from 'vitest'
import { type Change, notShown, readPlan } from '../../../modules/deploy/changes.ts'

/** A rule whose port Zilliz Cloud has not told yet, as the first plan shows it. */
const rule: Change = {
  address: 'aws_vpc_security_group_ingress_rule.search["10.0.0.0/16"]',
  change: {
    actions: ['create'],
    before: null,
    after: { cidr_ipv4: '10.0.0.0/16', tags: { Name: 'zilliz' }, ports: [{ kind: 'tcp' }] },
    after_unknown: { id: true, from_port: true, tags: {}, ports: [{ number: true }] }
  }
}

const changed = (change: Partial<Change['change']>, rest: Partial<Change> = {}): Change => ({
  ...rule,
  ...rest,
  change: { ...rule.change, ...change }
})

const withValues = (values: object, unknown: object = { id: true }) =>
  changed({ after: { ...(rule.change.after as object), ...values }, after_unknown: unknown })

describe('a plan shows', () => {
  for (const [what, later] of [
    ['a change that it has', rule],
    ['values that were not known yet', withValues({ from_port: 19531, ports: [{ kind: 'tcp', number: 19531 }] })],
    [
      'values that are still not known',
      withValues({ ports: [{ kind: 'tcp' }] }, { from_port: true, ports: [{ number: true }] })
    ]
  ] as const) {
    test(what, () => {
      expect(notShown([later], [rule])).toEqual([])
    })
  }

  test('nothing less where the second plan has less', () => {
    expect(notShown([], [rule])).toEqual([])
  })
})

describe('a plan does not show', () => {
  for (const [what, later] of [
    ['a change of something else', changed({}, { address: 'aws_vpc_security_group_ingress_rule.search["0.0.0.0/0"]' })],
    ['another action', changed({ actions: ['delete', 'create'] })],
    ['another value', withValues({ cidr_ipv4: '0.0.0.0/0' })],
    ['another value below a value', withValues({ tags: { Name: 'other' } })],
    ['a value more', withValues({ ip_protocol: '-1' })],
    ['an item more', withValues({ ports: [{ kind: 'tcp', number: 1 }, { kind: 'udp' }] })],
    ['a value less', changed({ after: { cidr_ipv4: '10.0.0.0/16' }, after_unknown: {} })],
    ['a value that it knew and that is not known any more', withValues({ cidr_ipv4: undefined }, { cidr_ipv4: true })],
    ['a change from something else', changed({ before: { cidr_ipv4: '10.1.0.0/16' } })],
    ['a move', changed({}, { previous_address: 'aws_vpc_security_group_ingress_rule.papers' })],
    ['an object that was deposed', changed({}, { deposed: 'a1b2c3d4' })],
    ['an import', changed({ importing: { id: 'sgr-1' } })]
  ] as const) {
    test(what, () => {
      expect(notShown([rule, later], [rule])).toEqual([later])
    })
  }
})

describe('of a plan, it counts', () => {
  const plan = (...changes: readonly Change[]) => JSON.stringify({ resource_changes: changes, applyable: true })

  test('what is created, changed, deleted and imported', () => {
    const changes = [rule, changed({ actions: ['update'] }), changed({ actions: ['no-op'], importing: { id: 'x' } })]
    expect(readPlan(plan(...changes)).changes).toEqual(changes)
  })

  test('nothing that stays as it is, and nothing that is only read', () => {
    expect(readPlan(plan(changed({ actions: ['no-op'] }), changed({ actions: ['read'] }))).changes).toEqual([])
  })

  test('that there may be nothing to apply', () => {
    expect(readPlan(JSON.stringify({ applyable: false }))).toEqual({ changes: [], isApplyable: false })
  })
})
