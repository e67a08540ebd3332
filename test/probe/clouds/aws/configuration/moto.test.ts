import * as ec2 from '@aws-sdk/client-ec2'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { catalogue } from '../../../../../probe/cases/catalogue.ts'
import type { Inquirer } from '../../../../../probe/causes/configuration.ts'
import { causeOf } from '../../../../../probe/causes/inquiry.ts'
import type { CloudQuestion } from '../../../../../probe/causes/question.ts'
import { awsCauses } from '../../../../../probe/clouds/aws/configuration/causes.ts'
import { configuration } from '../../../../../probe/clouds/aws/configuration/configuration.ts'
import type { AwsTarget } from '../../../../../probe/clouds/aws/target.ts'
import { startMoto } from '../../../../support/moto.ts'
import { hasTool } from '../../../../support/tools.ts'
import { makeWorld, port, region, text, type World } from './moto-world.ts'
import { setUps } from './set-ups.ts'

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

/** Asks, and asks again where the machine is so busy that moto does not answer in time. */
async function ask(question: CloudQuestion<AwsTarget>, times = 3): ReturnType<Inquirer<AwsTarget>['ask']> {
  const inquirer = await configuration.open(new AbortController().signal)
  const inquiry = await inquirer.ask(question)
  const isLate = inquiry.causes.some(({ text }) => text.includes('was not answered in time'))
  return isLate && times > 1 ? ask(question, times - 1) : inquiry
}

/** The causes that are confirmed, by what proves them. */
async function confirmedIn(question: CloudQuestion<AwsTarget>) {
  const { causes } = await ask(question)
  return Object.fromEntries(causes.flatMap(each => (each.ruling === 'confirmed' ? [[each.id, each.text]] : [])))
}

const needsMoto = hasTool('moto') || process.env.CI === 'true'

describe.runIf(needsMoto)('a link on AWS, asked for through its own API (moto)', { concurrent: true }, () => {
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

  test.for<readonly [string, (world: World) => Promise<unknown>]>([
    [
      'has the group that a rule names',
      async world => {
        await world.revokeAll(world.endpointGroup, false)
        await world.allow(world.endpointGroup, { UserIdGroupPairs: [{ GroupId: world.clientGroup }] })
      }
    ],
    [
      'is in a prefix list that a rule names',
      async world => {
        await world.revokeAll(world.endpointGroup, false)
        const { PrefixList } = await world.send(
          new ec2.CreateManagedPrefixListCommand({
            PrefixListName: 'clients',
            AddressFamily: 'IPv4',
            MaxEntries: 5,
            Entries: [{ Cidr: '10.20.0.8/29' }]
          })
        )
        await world.allow(world.endpointGroup, { PrefixListIds: [{ PrefixListId: text(PrefixList?.PrefixListId) }] })
      }
    ]
  ])('a security group of the endpoint is ruled out if the client %s', async ([, open]) => {
    const world = await makeWorld()
    await open(world)
    expect(await confirmedIn(world.question())).toEqual({})
  })

  test('a security group that is not attached is the cause of a time-out if the others do not allow the client, and by accident works if they do', async () => {
    const world = await makeWorld()
    const own = await world.group('own')
    const target = { ...world.target, securityGroupId: own }
    const detached = `endpoint ${world.endpointId} has ${world.endpointGroup} attached, but not security group ${own} of the link`
    expect(await confirmedIn(world.question({ target }))).toEqual({})
    expect(await confirmedIn(world.question({ target, case: 'healthy' }))).toEqual({
      'security-group-detached': detached
    })
    await world.revokeAll(world.endpointGroup, false)
    const { causes } = await ask(world.question({ target }))
    expect(causeOf({ causes })?.text).toBe(detached)
  })

  test.for([
    { of: 'the endpoint', isEgress: false, ports: { From: port, To: port }, says: 'inbound rule 50' },
    { of: 'the endpoint', isEgress: true, ports: { From: 40_000, To: 50_000 }, says: 'outbound rule 50' },
    { of: 'the client', isEgress: true, ports: { From: port, To: port }, says: 'outbound rule 50' },
    { of: 'the client', isEgress: false, ports: { From: 40_000, To: 50_000 }, says: 'inbound rule 50' }
  ])('a network ACL of $of that denies by $says is the cause of a time-out', async ({ of, isEgress, ports, says }) => {
    const world = await makeWorld()
    const subnetId = of === 'the client' ? world.clientSubnet : world.endpointSubnet
    const aclId = await world.aclOf(subnetId)
    await world.deny(aclId, 200, isEgress, ports)
    expect(await confirmedIn(world.question())).toEqual({})
    await world.deny(aclId, 50, isEgress, ports)
    const { 'subnet-acl-restriction': proof, ...others } = await confirmedIn(world.question())
    expect(proof).toMatch(
      new RegExp(
        `^${says} of network ACL ${aclId} denies \\w+ TCP to ports? ${ports.From}(?:-${ports.To})? (?:from|to) 10\\.20\\.`
      )
    )
    expect(others).toEqual({})
  })

  test('a network ACL does not apply within one subnet', async () => {
    const world = await makeWorld()
    await world.deny(await world.aclOf(world.endpointSubnet), 50, false, { From: 0, To: 65_535 })
    const near = await world.interfaceIn(world.endpointSubnet, [world.clientGroup])
    const from = { addresses: [near.address], machine: undefined }
    expect(await confirmedIn(world.question({ from }))).toEqual({})
    expect(Object.keys(await confirmedIn(world.question()))).toEqual(['subnet-acl-restriction'])
  })

  test('a network ACL that drops answers to ports that Linux does not use is about to break, and no cause', async () => {
    const world = await makeWorld()
    const aclId = await world.aclOf(world.endpointSubnet)
    await world.deny(aclId, 50, true, { From: 1024, To: 5000 })
    const { causes } = await ask(world.question())
    expect(causes.filter(({ ruling }) => ruling === 'confirmed')).toMatchObject([
      {
        id: 'subnet-acl-of-some-ports',
        isCandidate: false,
        text: `outbound rule 50 of network ACL ${aclId} denies outbound TCP to ports 1024-5000 to 10.20.0.10`
      }
    ])
  })

  test('a client in another VPC without a route is told apart from one with a peering', async () => {
    const world = await makeWorld()
    const { vpcId, client } = await world.otherVpc('10.30.0.0/16')
    await world.allow(world.endpointGroup, { IpRanges: [{ CidrIp: '10.30.0.0/16' }] })
    const machine = { cloud: 'aws', account: '123456789012', region, zone: undefined, network: vpcId, id: undefined }
    const question = world.question({ from: { addresses: [client.address], machine } })
    const { elsewhere } = await ask(question)
    expect(elsewhere).toEqual({
      ruling: 'confirmed',
      text: `this machine is in VPC ${vpcId}, and not in ${world.vpcId} of the link`,
      about: []
    })
    const route = (await confirmedIn(question))['no-route-to-destination']
    expect(route).toMatch(/^route table rtb-[0-9a-f]+ has no route to 10\.20\.1\./)
    await world.peer(vpcId, '10.30.0.0/16')
    expect(await confirmedIn(question)).not.toHaveProperty('no-route-to-destination')
  })

  test('a machine of AWS whose address no interface of the VPC has is elsewhere, and where it may be a container that is not known', async () => {
    const world = await makeWorld()
    const machine = { addresses: ['192.168.1.10'], machine: undefined }
    const onHost = { ...machine, hardware: { maker: 'Amazon EC2', isVirtual: true, hasDevice: true } }
    const { elsewhere, causes } = await ask(world.question({ from: onHost }))
    expect(elsewhere).toMatchObject({ ruling: 'confirmed', text: expect.stringContaining('192.168.1.10') })
    const rulingOf = (of: typeof causes, id: string) => of.find(each => each.id === id)
    expect(rulingOf(causes, 'client-eni-sg-rules-mismatch')).toMatchObject({ ruling: 'not-known' })
    expect(rulingOf(causes, 'endpoint-eni-sg-rules-mismatch')).toMatchObject({ ruling: 'confirmed' })
    for (const hardware of [undefined, { ...onHost.hardware, hasDevice: false }]) {
      const inside = await ask(world.question({ from: { ...machine, hardware } }))
      expect(inside.elsewhere).toMatchObject({
        ruling: 'not-known',
        text: expect.stringContaining('a container, a pod or a virtual machine in it can have an address of its own')
      })
      expect(inside.causes.filter(({ ruling }) => ruling === 'confirmed')).toEqual([])
      expect(rulingOf(inside.causes, 'endpoint-eni-sg-rules-mismatch')).toMatchObject({
        ruling: 'not-known',
        text: 'a device between this machine and the endpoint may translate the address 192.168.1.10'
      })
    }
  })

  test('a container on an instance is judged by the network interface of the instance', async () => {
    const world = await makeWorld()
    const id = await world.instanceIn(world.clientSubnet, [world.clientGroup])
    const machine = { cloud: 'aws', account: '123456789012', region, zone: undefined, network: world.vpcId, id }
    const from = {
      addresses: ['172.17.0.2'],
      machine,
      hardware: { maker: 'Amazon EC2', isVirtual: true, hasDevice: false }
    }
    expect(await confirmedIn(world.question({ from }))).toEqual({})
    await world.revokeAll(world.clientGroup, true)
    expect(Object.keys(await confirmedIn(world.question({ from })))).toEqual(['client-eni-sg-rules-mismatch'])
  })

  test('credentials of an account that does not have the VPC come first, and nothing else is confirmed', async () => {
    const world = await makeWorld()
    const target = { ...world.target, vpcId: 'vpc-0a1b2c3d4e5f60718' }
    const { causes, elsewhere } = await ask(world.question({ target }))
    const [first, ...rest] = causes
    expect(first).toMatchObject({
      id: 'credentials-of-another-account',
      ruling: 'confirmed',
      isCandidate: false,
      text: 'the credentials belong to account 123456789012, which has no VPC vpc-0a1b2c3d4e5f60718 in us-west-2; use credentials of the account of the link'
    })
    expect(rest.every(({ ruling }) => ruling === 'not-known')).toBe(true)
    expect(elsewhere.ruling).toBe('not-known')
  })

  test('a link of which only the host is known is found by the addresses that the host resolves to', async () => {
    const world = await makeWorld()
    await world.revokeAll(world.endpointGroup, false)
    const {
      vpcId: _,
      endpointId: __,
      endpointDnsName: ___,
      hostedZoneId: ____,
      securityGroupId: _____,
      ...target
    } = world.target
    // moto does not describe interfaces of endpoints, so the endpoint's own name is given.
    const known = { ...target, endpointDnsName: world.endpointName }
    expect(await confirmedIn(world.question({ target: known }))).toEqual({
      'endpoint-eni-sg-rules-mismatch': `security group ${world.endpointGroup} has no inbound rule for TCP 19531 from 10.20.0.10`
    })
  })
})

describe.runIf(needsMoto)('a cause on AWS is confirmed, and no other one (moto):', { concurrent: true }, () => {
  test.for(setUps.map(each => [each.title, each] as const))(
    '%s',
    async ([, { id, case: seen, given, proof, also = [] }]) => {
      const world = await makeWorld()
      const about = await given(world)
      const { causes } = await ask(world.question({ case: seen, ...about }))
      const confirmed = causes.filter(({ ruling }) => ruling === 'confirmed')
      const expected = proof(world)
      expect(confirmed.find(each => each.id === id)?.text).toEqual(
        typeof expected === 'string' ? expected : expect.stringMatching(expected)
      )
      expect(confirmed.map(each => each.id).toSorted()).toEqual([id, ...also].toSorted())
    }
  )

  test('of a link that works, every cause of every case is ruled out, or no configuration tells of it', async () => {
    const world = await makeWorld()
    const inquirer = await configuration.open(new AbortController().signal)
    const untold = awsCauses.filter(each => 'unconfirmed' in each).map(({ id }) => id)
    for (const { id } of catalogue) {
      const { causes } = await inquirer.ask(world.question({ case: id }))
      expect(causes.filter(({ ruling }) => ruling === 'confirmed')).toEqual([])
      expect(causes.filter(({ ruling }) => ruling === 'not-known').map(each => each.id)).toEqual(
        causes.map(each => each.id).filter(each => untold.some(other => other === each))
      )
    }
    // The answers are shared, or this is another test.
    expect(inquirer.calls()).toBeLessThan(30)
  })
})

describe.runIf(needsMoto)('the DNS of a VPC on AWS, asked for through its own API (moto)', { concurrent: true }, () => {
  const unresolved = (world: World, about: Partial<CloudQuestion<AwsTarget>> = {}) =>
    world.question({ case: 'zone-not-visible', resolved: [], ...about })

  test('if nothing is wrong, nothing is confirmed', async () => {
    const world = await makeWorld()
    expect(await confirmedIn(unresolved(world))).toEqual({})
    expect(await confirmedIn(world.question({ case: 'healthy' }))).toEqual({})
  })

  test('DHCP options with other servers are ruled out if the VPC is asked all the same, and not known behind a stub', async () => {
    const world = await makeWorld()
    await world.nameServers(['10.20.9.9'])
    const rulingBy = async (resolver: string) => {
      const { causes } = await ask(unresolved(world, { resolvers: [resolver] }))
      return causes.find(({ id }) => id === 'dhcp-names-other-servers')?.ruling
    }
    expect(await rulingBy('10.20.0.2')).toBe('ruled-out')
    expect(await rulingBy('127.0.0.53')).toBe('not-known')
    expect(await rulingBy('172.20.0.10')).toBe('not-known')
  })

  test('a Resolver rule for a parent of the zone does not override it', async () => {
    const world = await makeWorld()
    await world.forward('zillizcloud.com', '10.20.9.9')
    expect(await confirmedIn(unresolved(world))).toEqual({})
  })

  test("a Resolver rule for the endpoint's own name is about to break a link that works", async () => {
    const world = await makeWorld()
    await world.forward('vpce.amazonaws.com', '10.20.9.9')
    expect(Object.keys(await confirmedIn(world.question({ case: 'healthy' })))).toEqual(['endpoint-name-overridden'])
  })

  test('a zone that is not associated is the cause of an unknown name', async () => {
    const world = await makeWorld()
    const { vpcId } = await world.otherVpc('10.30.0.0/16')
    const zoneId = await world.zone('vectordb.zillizcloud.com', vpcId)
    const target = { ...world.target, hostedZoneId: zoneId }
    expect(await confirmedIn(unresolved(world, { target }))).toMatchObject({
      'zone-not-associated': `private zone ${zoneId} is not associated with VPC ${world.vpcId}`
    })
  })

  test('a more specific zone is the cause of a missing record', async () => {
    const world = await makeWorld()
    const zoneId = await world.zone('aws-us-west-2.vectordb.zillizcloud.com')
    const { causes } = await ask(world.question({ case: 'record-missing', resolved: [] }))
    expect(causeOf({ causes })).toMatchObject({
      id: 'zone-overridden',
      text: expect.stringContaining(`private zone ${zoneId} (aws-us-west-2.vectordb.zillizcloud.com)`),
      about: [zoneId]
    })
  })

  test('a public resolver is the cause of an unknown name, and the resolver of the VPC is not', async () => {
    const world = await makeWorld()
    expect(await confirmedIn(unresolved(world, { resolvers: ['8.8.8.8'] }))).toEqual({
      'resolver-outside-vpc': 'this machine queries 8.8.8.8, a public resolver, which has no private zone'
    })
    expect(await confirmedIn(unresolved(world, { resolvers: ['169.254.169.253'] }))).toEqual({})
  })
})
