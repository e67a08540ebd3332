import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { type CaseId, catalogue } from '../../../../../probe/cases/catalogue.ts'
import type { ConfirmedCause } from '../../../../../probe/causes/inquiry.ts'
import { aws } from '../../../../../probe/clouds/aws/cloud.ts'
import { type AwsCauseId, awsCauses } from '../../../../../probe/clouds/aws/configuration/causes.ts'

const { example, configuration } = aws

/** The candidates that the remedies list, and the cause that each of them is. */
const causeOfCandidate: Readonly<Record<string, AwsCauseId>> = {
  "The endpoint's security group does not allow inbound traffic from the clients.": 'endpoint-eni-sg-rules-mismatch',
  "The clients' security group does not allow outbound traffic to the endpoint.": 'client-eni-sg-rules-mismatch',
  'Zilliz Cloud has not accepted the endpoint, or rejected it.': 'endpoint-pending-acceptance',
  'A network ACL drops the packets or the answers.': 'subnet-acl-restriction',
  'Zilliz Cloud allocated another port to this host.': 'port-not-allocated',
  'None of these.': 'dropped-on-the-way',
  'AWS Network Firewall or a proxy filters by the name in TLS.': 'filtered-by-name',
  "The service has no healthy target in the client's availability zone.": 'no-healthy-target-in-zone',
  'A VPN, a transit gateway or an overlay has a smaller MTU and drops large packets without a message.':
    'smaller-mtu-on-the-way',
  'A proxy or the service accepts the connection but does not answer.': 'held-by-service',
  'A firewall, a proxy or a network policy on the path rejects the connection with an ICMP message.':
    'dropped-on-the-way',
  'The endpoint was deleted, and no machine has its address.': 'endpoint-deleted',
  'The next hop of the route to the address does not forward packets.': 'no-route-to-destination',
  'The record is good, but the resolver has rebind protection.': 'rebind-protection'
}

const confirmed = (id: string, about: readonly string[]): ConfirmedCause => ({
  ruling: 'confirmed',
  id,
  title: '',
  text: '',
  about,
  isCandidate: true
})

describe('the causes on AWS', () => {
  test('have every candidate that a case lists', () => {
    const listed = catalogue.flatMap(({ id }) =>
      aws.stepsFor(id, example).flatMap(({ cause }) => (cause === undefined ? [] : [{ case: id, cause }]))
    )
    expect(listed.length).toBeGreaterThan(12)
    const missing = listed.filter(({ case: seen, cause }) => {
      const known = awsCauses.find(({ id }) => id === causeOfCandidate[cause])
      return known === undefined || !(known.explains satisfies readonly CaseId[] as readonly CaseId[]).includes(seen)
    })
    expect(missing).toEqual([])
  })

  test('have ids of their own', () => {
    const ids = awsCauses.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
  })

  test('of a rule that a deploy makes are mended by that deploy first, and then by hand with a warning of the next one', () => {
    const steps = aws.stepsForCause(
      confirmed('endpoint-eni-sg-rules-mismatch', ['sg-059f0a1b2c3d4e5f6', '10.20.0.10']),
      example
    )
    expect(steps[0]?.run).toBe('npm run deploy -- prod')
    expect(steps.at(-1)?.do).toContain('InvalidPermission.Duplicate')
    expect(steps.at(-1)?.run).toBe(
      'aws ec2 authorize-security-group-ingress --region us-west-2 --group-id sg-059f0a1b2c3d4e5f6 --protocol tcp --port 19531 --cidr 10.20.0.10/32'
    )
  })

  test('each have a step if they can be confirmed', () => {
    const without = awsCauses.filter(({ id }) => aws.stepsForCause(confirmed(id, []), example).length === 0)
    expect(without.map(({ id }) => id)).toEqual([
      'resolver-rate-limit',
      'rebind-protection',
      'port-not-allocated',
      'dropped-on-the-way',
      'filtered-by-name',
      'no-healthy-target-in-zone',
      'smaller-mtu-on-the-way',
      'held-by-service'
    ])
  })

  test('that are unknown have no step', () => {
    expect(aws.stepsForCause(confirmed('toString', []), example)).toEqual([])
  })
})

describe('the policy for reading causes', () => {
  const Policy = z.object({ Statement: z.array(z.object({ Effect: z.literal('Allow'), Action: z.array(z.string()) })) })
  const policy = Policy.parse(JSON.parse(readFileSync('modules/aws/permissions/cloud-facts.json', 'utf8')))
  const actions = policy.Statement.flatMap(({ Action }) => Action)

  test('allows what the calls need, and nothing else', () => {
    expect(actions).toEqual([...configuration.actions])
  })

  test('only reads', () => {
    expect(actions.filter(action => !/^\w+:(?:Describe|Get|List)\w+$/.test(action))).toEqual([])
    expect(actions.length).toBeGreaterThan(10)
  })
})
