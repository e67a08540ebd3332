import * as ec2 from '@aws-sdk/client-ec2'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { CloudQuestion } from '../../../../../probe/causes/question.ts'
import { configuration } from '../../../../../probe/clouds/aws/configuration/configuration.ts'
import type { AwsTarget } from '../../../../../probe/clouds/aws/target.ts'
import { startMoto } from '../../../../support/moto.ts'
import { hasTool } from '../../../../support/tools.ts'
import { makeWorld, port, type World } from './moto-world.ts'

let stop = async () => {}

beforeAll(async () => {
  if (!hasTool('moto')) return
  const moto = await startMoto()
  stop = moto.stop
  vi.stubEnv('AWS_ENDPOINT_URL', moto.url)
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'testing')
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'testing')
})
afterAll(() => stop())

async function ask(question: CloudQuestion<AwsTarget>) {
  const inquirer = await configuration.open(new AbortController().signal)
  return inquirer.ask(question)
}

/** The causes that are confirmed, by what proves them. */
async function confirmedIn(question: CloudQuestion<AwsTarget>) {
  const { causes } = await ask(question)
  return Object.fromEntries(causes.flatMap(each => (each.ruling === 'confirmed' ? [[each.id, each.text]] : [])))
}

const needsMoto = hasTool('moto') || process.env.CI === 'true'

describe.runIf(needsMoto)('a link on AWS, asked for through its own API (moto)', () => {
  test('if nothing is wrong, nothing is confirmed, and every cause that is configured is ruled out', async () => {
    const world = await makeWorld()
    const { causes, elsewhere } = await ask(world.question())
    expect(elsewhere.ruling).toBe('ruled-out')
    expect(causes.map(({ id, ruling }) => `${id}: ${ruling}`)).toEqual([
      'endpoint-deleted: ruled-out',
      'endpoint-rejected: ruled-out',
      'endpoint-pending-acceptance: ruled-out',
      'endpoint-failed: ruled-out',
      'zone-overridden: ruled-out',
      'record-to-another-endpoint: ruled-out',
      'security-group-detached: ruled-out',
      'endpoint-eni-sg-rules-mismatch: ruled-out',
      'client-eni-sg-rules-mismatch: ruled-out',
      'subnet-acl-restriction: ruled-out',
      'no-route-to-destination: ruled-out',
      'port-not-allocated: not-known',
      'dropped-on-the-way: not-known'
    ])
  })

  test.for<readonly [string, (world: World) => Promise<unknown>]>([
    ['that has no rule', world => world.revokeAll(world.endpointGroup, false)],
    [
      'with a rule for another port',
      async world => {
        await world.revokeAll(world.endpointGroup, false)
        await world.allow(world.endpointGroup, {
          FromPort: port + 1,
          ToPort: port + 1,
          IpRanges: [{ CidrIp: '10.20.0.0/16' }]
        })
      }
    ],
    [
      'with a rule for UDP',
      async world => {
        await world.revokeAll(world.endpointGroup, false)
        await world.allow(world.endpointGroup, { IpProtocol: 'udp', IpRanges: [{ CidrIp: '10.20.0.0/16' }] })
      }
    ],
    [
      'with a rule for another range',
      async world => {
        await world.revokeAll(world.endpointGroup, false)
        await world.allow(world.endpointGroup, { IpRanges: [{ CidrIp: '10.20.9.0/24' }] })
      }
    ],
    [
      'with a rule for a group that clients do not have',
      async world => {
        await world.revokeAll(world.endpointGroup, false)
        await world.allow(world.endpointGroup, { UserIdGroupPairs: [{ GroupId: world.endpointGroup }] })
      }
    ]
  ])('a security group of the endpoint %s is the cause of a time-out', async ([, close]) => {
    const world = await makeWorld()
    await close(world)
    expect(await confirmedIn(world.question())).toEqual({
      'endpoint-eni-sg-rules-mismatch': `security group ${world.endpointGroup} has no inbound rule for TCP 19531 from 10.20.0.10`
    })
  })

  test('a security group of the clients without an outbound rule is the cause of a time-out', async () => {
    const world = await makeWorld()
    await world.revokeAll(world.clientGroup, true)
    expect(await confirmedIn(world.question())).toEqual({
      'client-eni-sg-rules-mismatch': `security group ${world.clientGroup} has no outbound rule for TCP 19531 to ${world.endpointAddresses[0]}`
    })
  })

  test('a deleted endpoint is the cause of a time-out', async () => {
    const world = await makeWorld()
    await world.send(new ec2.DeleteVpcEndpointsCommand({ VpcEndpointIds: [world.endpointId] }))
    expect(await confirmedIn(world.question())).toEqual({
      'endpoint-deleted': `endpoint ${world.endpointId} is in state deleted`
    })
  })
})
