import * as ec2 from '@aws-sdk/client-ec2'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { CloudQuestion } from '../../../../../probe/causes/question.ts'
import { configuration } from '../../../../../probe/clouds/aws/configuration/configuration.ts'
import type { AwsTarget } from '../../../../../probe/clouds/aws/target.ts'
import { type Interference, startBetween } from '../../../../support/aws-api-between.ts'
import { startMoto } from '../../../../support/moto.ts'
import { hasTool } from '../../../../support/tools.ts'
import { host, makeWorld, port, type World } from './moto-world.ts'
import { endpointStates } from './set-ups.ts'

// What moto does not do: endpoints in other states than `available`, DNS Firewall, Profiles, and whatever goes wrong. These answers are in the
// form that AWS's API reference gives; all others of a test are moto's.

let moto: Awaited<ReturnType<typeof startMoto>>
let between: Awaited<ReturnType<typeof startBetween>>
let world: World

const needsMoto = hasTool('moto') || process.env.CI === 'true'

beforeAll(async () => {
  if (!needsMoto) return
  moto = await startMoto()
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'testing')
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'testing')
  vi.stubEnv('AWS_ENDPOINT_URL', moto.url)
  world = await makeWorld()
})
afterAll(() => moto?.stop())
beforeEach(async () => {
  if (!needsMoto) return
  between = await startBetween(moto.url)
  vi.stubEnv('AWS_ENDPOINT_URL', between.url)
})
afterEach(() => between?.stop())

async function ask(question: CloudQuestion<AwsTarget>) {
  const inquirer = await configuration.open(new AbortController().signal)
  return inquirer.ask(question)
}

async function rulingsOf(question: CloudQuestion<AwsTarget>) {
  const { causes } = await ask(question)
  return Object.fromEntries(causes.map(each => [each.id, `${each.ruling}: ${each.text}`]))
}

const json = (body: object, status = 200): Interference => ({
  with: 'answer',
  status,
  type: 'application/x-amz-json-1.1',
  body: JSON.stringify(body)
})

const denied = json({ __type: 'AccessDeniedException', message: 'not authorized' }, 400)

/** https://docs.aws.amazon.com/Route53/latest/APIReference/API_route53resolver_ListFirewallRules.html and those next to it. */
function firewall(rules: readonly object[], domains: readonly string[]): void {
  between.interferences.set(
    'ListFirewallRuleGroupAssociations',
    json({
      FirewallRuleGroupAssociations: [
        {
          Id: 'rslvr-frgassoc-0a1b2c3d4e5f6071',
          FirewallRuleGroupId: 'rslvr-frg-0a1b2c3d4e5f6071',
          VpcId: world.vpcId,
          Name: 'security',
          Priority: 101,
          MutationProtection: 'DISABLED',
          Status: 'COMPLETE'
        }
      ]
    })
  )
  between.interferences.set('ListFirewallRules', json({ FirewallRules: rules }))
  between.interferences.set('ListFirewallDomains', json({ Domains: domains }))
}

const blocking = {
  FirewallRuleGroupId: 'rslvr-frg-0a1b2c3d4e5f6071',
  FirewallDomainListId: 'rslvr-fdl-0a1b2c3d4e5f6071',
  Name: 'deny-vendors',
  Priority: 10,
  Action: 'BLOCK',
  BlockResponse: 'NXDOMAIN'
}

describe.runIf(needsMoto)('states of an endpoint that moto does not have', () => {
  test.for(endpointStates)('$state is the cause of a time-out, and no other state is', async ({ state, id }) => {
    between.interferences.set('DescribeVpcEndpoints', {
      with: 'change',
      of: body => body.replace('<state>available</state>', `<state>${state}</state>`)
    })
    const { causes } = await ask(world.question())
    const confirmed = causes.filter(({ ruling }) => ruling === 'confirmed')
    expect(confirmed.map(each => each.id)).toEqual([id])
    expect(confirmed[0]?.text).toContain(`endpoint ${world.endpointId} is in state ${state}`)
  })

  test('an endpoint that the account does not have was deleted, if the account has the VPC', async () => {
    const endpointId = 'vpce-0ce90d01341533a5c'
    const target = { ...world.target, endpointId }
    expect((await rulingsOf(world.question({ target })))['endpoint-deleted']).toBe(
      `confirmed: account 123456789012 has no endpoint ${endpointId} in us-west-2`
    )
  })
})

describe.runIf(needsMoto)('DNS Firewall, which moto does not have', () => {
  test('is the cause if a rule blocks the name', async () => {
    firewall([blocking], ['*.zillizcloud.com.'])
    const { causes } = await ask(world.question({ case: 'name-blocked', resolved: [] }))
    expect(causes.filter(({ ruling }) => ruling === 'confirmed')).toMatchObject([
      {
        id: 'dns-firewall-rule',
        text: `rule deny-vendors of DNS Firewall rule group rslvr-frg-0a1b2c3d4e5f6071 blocks ${host} with NXDOMAIN`,
        about: ['rslvr-frg-0a1b2c3d4e5f6071', 'rslvr-frgassoc-0a1b2c3d4e5f6071']
      }
    ])
  })

  test('is ruled out if its rule is for other names', async () => {
    firewall([blocking], ['example.com.'])
    expect((await rulingsOf(world.question({ case: 'name-blocked' })))['dns-firewall-rule']).toBe(
      `ruled-out: no rule of DNS Firewall on VPC ${world.vpcId} blocks the name`
    )
  })

  test('is not known if the domains of its rule must not be read', async () => {
    firewall([blocking], [])
    between.interferences.set('ListFirewallDomains', denied)
    expect((await rulingsOf(world.question({ case: 'name-blocked' })))['dns-firewall-rule']).toBe(
      'not-known: rule deny-vendors of DNS Firewall rule group rslvr-frg-0a1b2c3d4e5f6071 decides, and route53resolver:ListFirewallDomains was denied'
    )
  })
})

/** https://docs.aws.amazon.com/Route53/latest/APIReference/API_route53profiles_ListProfileResourceAssociations.html and the one next to it. */
function profile(...resources: readonly { readonly arn: string; readonly properties?: string }[]): void {
  const common = {
    ProfileId: 'rp-4987774726example',
    OwnerId: '123456789012',
    Status: 'COMPLETE',
    StatusMessage: 'Created'
  }
  between.interferences.set(
    'ListProfileAssociations',
    json({ ProfileAssociations: [{ ...common, Id: 'rpassoc-489ce212fexample', Name: 'all', ResourceId: world.vpcId }] })
  )
  between.interferences.set(
    'ListProfileResourceAssociations',
    json({
      ProfileResourceAssociations: resources.map(({ arn, properties }, index) => ({
        ...common,
        Id: `rpr-001913120a7example${index}`,
        Name: `resource-${index}`,
        ResourceArn: arn,
        ...(properties === undefined ? {} : { ResourceProperties: properties })
      }))
    })
  )
}

describe.runIf(needsMoto)('a Route 53 Profile, which moto does not have,', () => {
  test('brings a more specific zone that answers in place of the one of the link', async () => {
    const { vpcId } = await world.otherVpc('10.31.0.0/16')
    const zoneId = await world.zone('aws-us-west-2.vectordb.zillizcloud.com', vpcId)
    profile({ arn: `arn:aws:route53:::hostedzone/${zoneId}` })
    const { causes } = await ask(world.question({ case: 'record-missing', resolved: [] }))
    expect(causes.filter(({ ruling }) => ruling === 'confirmed')).toMatchObject([
      {
        id: 'zone-overridden',
        text: `private zone ${zoneId} (aws-us-west-2.vectordb.zillizcloud.com) of Route 53 Profile rp-4987774726example answers for ${host} instead of zone ${world.zoneId} of the link`
      },
      { id: 'no-record' }
    ])
    const target = { ...world.target, hostedZoneId: zoneId }
    expect(
      (await rulingsOf(world.question({ target, case: 'zone-not-visible', resolved: [] })))['zone-not-associated']
    ).toBe(
      `ruled-out: private zone ${zoneId} (aws-us-west-2.vectordb.zillizcloud.com) is associated with VPC ${world.vpcId}`
    )
  })

  test('brings a Resolver rule that forwards the name', async () => {
    const { vpcId } = await world.otherVpc('10.32.0.0/16')
    const id = await world.forward('vectordb.zillizcloud.com', '10.20.9.9', vpcId)
    const unresolved = () => world.question({ case: 'zone-not-visible', resolved: [] })
    expect((await rulingsOf(unresolved()))['resolver-rule-forwards']).toContain('ruled-out')
    profile({ arn: `arn:aws:route53resolver:us-west-2:123456789012:resolver-rule/${id}` })
    expect((await rulingsOf(unresolved()))['resolver-rule-forwards']).toContain(
      `confirmed: Resolver rule ${id} forwards`
    )
  })

  test('brings a rule group of DNS Firewall that blocks the name', async () => {
    firewall([blocking], ['*.zillizcloud.com.'])
    between.interferences.set('ListFirewallRuleGroupAssociations', json({ FirewallRuleGroupAssociations: [] }))
    profile({
      arn: 'arn:aws:route53resolver:us-west-2:123456789012:firewall-rule-group/rslvr-frg-0a1b2c3d4e5f6071',
      properties: '{"priority":102}'
    })
    expect((await rulingsOf(world.question({ case: 'name-blocked', resolved: [] })))['dns-firewall-rule']).toContain(
      'confirmed: rule deny-vendors of DNS Firewall rule group rslvr-frg-0a1b2c3d4e5f6071 blocks'
    )
  })

  test.for<{ readonly when: string; readonly given: () => void; readonly why: string }>([
    {
      when: 'it must not be listed',
      given: () => between.interferences.set('ListProfileAssociations', denied),
      why: 'route53profiles:ListProfileAssociations was denied'
    },
    {
      when: 'it has a Resolver rule of another account',
      given: () =>
        profile({ arn: 'arn:aws:route53resolver:us-west-2:210987654321:resolver-rule/rslvr-rr-9f8e7d6c5b4a3210f' }),
      why: 'Resolver rule rslvr-rr-9f8e7d6c5b4a3210f applies to the VPC, and is not among the rules that the credentials list'
    },
    {
      when: 'it has more zones than are read',
      given: () => profile(...['A', 'B', 'C'].map(id => ({ arn: `arn:aws:route53:::hostedzone/Z0000000000000${id}` }))),
      why: 'Route 53 Profile rp-4987774726example brings 3 private zones to VPC'
    }
  ])('makes what it can change not known if $when', async ({ given, why }) => {
    given()
    const rulings = await rulingsOf(world.question({ case: 'zone-not-visible', resolved: [] }))
    expect(rulings['resolver-rule-forwards']).toMatch(/^not-known/)
    expect(rulings['resolver-rule-forwards']).toContain(why)
    expect(rulings['dns-support-disabled']).toMatch(/^ruled-out/)
  })
})

/** Elements of an answer in place of others. */
const change = (of: (body: string) => string): Interference => ({ with: 'change', of })

/** Each network interface in place of another, by its address. */
const eachInterface = (of: (item: string, address: string) => string) =>
  change(body =>
    body
      .split(/(?=<item><availabilityZone>)/)
      .map(item => of(item, /<privateIpAddress>([\d.]+)</.exec(item)?.[1] ?? ''))
      .join('')
  )

describe.runIf(needsMoto)('what moto does not have of a network', () => {
  test('a route whose gateway is gone is the cause of a time-out', async () => {
    const { vpcId, client } = await world.otherVpc('10.33.0.0/16')
    await world.allow(world.endpointGroup, { IpRanges: [{ CidrIp: '10.33.0.0/16' }] })
    await world.peer(vpcId, '10.33.0.0/16')
    const machine = {
      cloud: 'aws',
      account: undefined,
      region: 'us-west-2',
      zone: undefined,
      network: vpcId,
      id: undefined
    }
    const question = world.question({ from: { addresses: [client.address], machine } })
    expect((await rulingsOf(question))['no-route-to-destination']).toMatch(/^ruled-out: route table .* to pcx-/)
    between.interferences.set(
      'DescribeRouteTables',
      change(body => body.replaceAll(/active(?=<\/state><vpcPeeringConnectionId>)/g, 'blackhole'))
    )
    expect((await rulingsOf(question))['no-route-to-destination']).toMatch(
      /^confirmed: route table rtb-[0-9a-f]+ sends packets for 10\.20\.1\.\d+ to pcx-[0-9a-f]+, which is gone: the route is a blackhole$/
    )
  })

  test('a transit gateway, or two peerings, are not known to connect the VPCs', async () => {
    const { vpcId, client } = await world.otherVpc('10.34.0.0/16')
    await world.allow(world.endpointGroup, { IpRanges: [{ CidrIp: '10.34.0.0/16' }] })
    await world.peer(vpcId, '10.34.0.0/16')
    const machine = {
      cloud: 'aws',
      account: undefined,
      region: 'us-west-2',
      zone: undefined,
      network: vpcId,
      id: undefined
    }
    const question = world.question({ from: { addresses: [client.address], machine } })
    between.interferences.set(
      'DescribeRouteTables',
      change(body =>
        body.replaceAll(
          /<vpcPeeringConnectionId>pcx-[0-9a-f]+<\/vpcPeeringConnectionId>/g,
          '<transitGatewayId>tgw-0a1b2c3d4e5f60718</transitGatewayId>'
        )
      )
    )
    expect((await rulingsOf(question))['no-route-to-destination']).toMatch(
      /^not-known: .* to tgw-0a1b2c3d4e5f60718, and the configuration of tgw-0a1b2c3d4e5f60718 is not read$/
    )
    between.interferences.set(
      'DescribeRouteTables',
      change(body =>
        body.replace(
          /(10\.34\.0\.0\/16<\/destinationCidrBlock><origin>CreateRoute<\/origin><state>active<\/state><vpcPeeringConnectionId>)pcx-[0-9a-f]+/,
          '$1pcx-0a1b2c3d4e5f60718'
        )
      )
    )
    expect((await rulingsOf(question))['no-route-to-destination']).toMatch(/^not-known: packets go through pcx-/)
  })

  test('a link over IPv6 is judged by the rules, entries and routes for IPv6', async () => {
    const own = await makeWorld()
    const assign = (id: string, address: string) =>
      own.send(new ec2.AssignIpv6AddressesCommand({ NetworkInterfaceId: id, Ipv6Addresses: [address] }))
    await assign(own.client.id, 'fd00:20::10')
    await assign(own.endpointInterfaceIds[0] ?? '', 'fd00:20:1::7')
    const from = { addresses: ['10.20.0.10', 'fd00:20::10'], machine: undefined }
    const question = own.question({ from, resolved: ['fd00:20:1::7'] })
    expect((await rulingsOf(question))['endpoint-eni-sg-rules-mismatch']).toBe(
      `confirmed: security group ${own.endpointGroup} has no inbound rule for TCP ${port} from fd00:20::10`
    )
    await own.allow(own.endpointGroup, { Ipv6Ranges: [{ CidrIpv6: 'fd00:20::/32' }] })
    const mended = await rulingsOf(question)
    expect(mended['endpoint-eni-sg-rules-mismatch']).toMatch(/^ruled-out: .* allows TCP 19531 from fd00:20::10$/)
    expect(mended['subnet-acl-restriction']).toMatch(
      /^confirmed: .* denies inbound TCP to port 19531 from fd00:20::10$/
    )
    expect(mended['no-route-to-destination']).toMatch(
      /^confirmed: route table rtb-[0-9a-f]+ has no route to fd00:20:1::7$/
    )
    between.interferences.set(
      'DescribeNetworkAcls',
      change(body => body.replaceAll('<cidrBlock>0.0.0.0/0</cidrBlock>', '<ipv6CidrBlock>::/0</ipv6CidrBlock>'))
    )
    between.interferences.set(
      'DescribeRouteTables',
      change(body =>
        body.replaceAll(
          /<destinationCidrBlock>10\.20\.0\.0\/16<\/destinationCidrBlock>/g,
          '<destinationIpv6CidrBlock>fd00:20::/32</destinationIpv6CidrBlock>'
        )
      )
    )
    const open = await rulingsOf(question)
    expect(open['subnet-acl-restriction']).toMatch(/^ruled-out/)
    expect(open['no-route-to-destination']).toMatch(
      /^ruled-out: .* sends packets for fd00:20::10|^ruled-out: .* to local$/
    )
    // IPv4 is now as closed as IPv6 was.
    expect((await rulingsOf(own.question({ from })))['subnet-acl-restriction']).toMatch(/^confirmed/)
  })

  test('a link of which only the host is known is found by the address that it resolves to', async () => {
    const {
      vpcId: _,
      endpointId: __,
      endpointDnsName: ___,
      hostedZoneId: ____,
      securityGroupId: _____,
      ...bare
    } = world.target
    const rulings = async () => rulingsOf(world.question({ target: bare }))
    expect((await rulings())['endpoint-eni-sg-rules-mismatch']).toBe('not-known: the id of the endpoint is not known')
    between.interferences.set(
      'DescribeNetworkInterfaces',
      eachInterface((item, address) =>
        address === world.client.address
          ? item
          : item
              .replace('<interfaceType>interface<', '<interfaceType>vpc_endpoint<')
              .replace('<description/>', `<description>VPC Endpoint Interface ${world.endpointId}</description>`)
      )
    )
    expect((await rulings())['endpoint-eni-sg-rules-mismatch']).toMatch(
      /^ruled-out: rule sgr-[0-9a-f]+ of security group/
    )
  })
})

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html */
const ec2Error = (code: string, status: number): Interference => ({
  with: 'answer',
  status,
  body: `<?xml version="1.0" encoding="UTF-8"?><Response><Errors><Error><Code>${code}</Code><Message>no</Message></Error></Errors><RequestID>ea966190-f9aa-478e-9ede-example</RequestID></Response>`
})

describe.runIf(needsMoto)('an answer that is not one', () => {
  test.for<{ readonly when: string; readonly interference: Interference; readonly why: string | RegExp }>([
    {
      when: 'denied',
      interference: ec2Error('UnauthorizedOperation', 403),
      why: 'not-known: ec2:DescribeNetworkAcls was denied'
    },
    {
      when: 'throttled',
      interference: ec2Error('RequestLimitExceeded', 503),
      why: 'not-known: ec2:DescribeNetworkAcls was throttled'
    },
    {
      when: 'late',
      interference: { with: 'silence' },
      why: 'not-known: ec2:DescribeNetworkAcls was not answered in time'
    },
    { when: 'cut off', interference: { with: 'cut' }, why: /^not-known: (?:the API for )?ec2:DescribeNetworkAcls / },
    {
      when: 'no XML',
      interference: { with: 'answer', body: 'this is a portal' },
      why: /^not-known: ec2:DescribeNetworkAcls failed/
    },
    {
      when: 'of another form',
      interference: {
        with: 'change',
        of: body => body.replace(/<cidrBlock>[^<]*<\/cidrBlock>/, '<cidrBlock>somewhere</cidrBlock>')
      },
      why: /^not-known: ec2:DescribeNetworkAcls failed \(the answer has an unexpected form at NetworkAcls\.0\.Entries/
    },
    {
      when: 'a server error',
      interference: ec2Error('InternalError', 500),
      why: /^not-known: ec2:DescribeNetworkAcls failed/
    }
  ])('costs only the causes that need it: $when', async ({ interference, why }) => {
    between.interferences.set('DescribeNetworkAcls', interference)
    const rulings = await rulingsOf(world.question())
    expect(rulings['subnet-acl-restriction']).toMatch(why)
    const { 'subnet-acl-restriction': _, ...rest } = rulings
    expect(Object.values(rest).filter(text => text.startsWith('not-known')).length).toBe(2)
    expect(between.called.filter(action => action === 'DescribeNetworkAcls')).toHaveLength(1)
  })

  test('has its reason in every cause that needs it', async () => {
    between.interferences.set('DescribeNetworkInterfaces', ec2Error('UnauthorizedOperation', 403))
    const denied = 'not-known: ec2:DescribeNetworkInterfaces was denied'
    expect(await rulingsOf(world.question())).toMatchObject({
      'endpoint-deleted': expect.stringContaining('ruled-out'),
      'endpoint-eni-sg-rules-mismatch': denied,
      'client-eni-sg-rules-mismatch': denied,
      'subnet-acl-restriction': denied,
      'no-route-to-destination': denied
    })
  })

  test('costs nothing of the rest if all of Resolver and Route 53 is denied', async () => {
    for (const action of ['ListHostedZonesByVPC', 'ListResourceRecordSets']) {
      between.interferences.set(action, {
        with: 'answer',
        status: 403,
        body: '<?xml version="1.0"?><ErrorResponse xmlns="https://route53.amazonaws.com/doc/2013-04-01/"><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>no</Message></Error><RequestId>1</RequestId></ErrorResponse>'
      })
    }
    for (const action of ['ListResolverRules', 'ListResolverRuleAssociations', 'ListFirewallRuleGroupAssociations']) {
      between.interferences.set(action, denied)
    }
    const names = await rulingsOf(world.question({ case: 'zone-not-visible', resolved: [] }))
    expect(names).toMatchObject({
      'dns-support-disabled': expect.stringContaining('ruled-out'),
      'dns-firewall-rule': 'not-known: route53resolver:ListFirewallRuleGroupAssociations was denied',
      'resolver-rule-forwards': 'not-known: route53:ListHostedZonesByVPC was denied',
      'zone-not-associated': 'not-known: route53:ListHostedZonesByVPC was denied'
    })
    expect((await rulingsOf(world.question()))['endpoint-eni-sg-rules-mismatch']).toContain('ruled-out')
  })

  test('without credentials, every cause of the case is not known, and says so', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', '')
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', '')
    vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true')
    vi.stubEnv('AWS_CONFIG_FILE', '/dev/null')
    vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/dev/null')
    try {
      const rulings = await rulingsOf(world.question())
      expect(rulings['endpoint-rejected']).toContain('not-known: there are no credentials for ec2:DescribeVpcEndpoints')
      expect(Object.values(rulings).every(text => text.startsWith('not-known'))).toBe(true)
      expect(between.called).toEqual([])
    } finally {
      vi.stubEnv('AWS_ACCESS_KEY_ID', 'testing')
      vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'testing')
    }
  })
})

describe.runIf(needsMoto)('the calls that a link takes', () => {
  test('are at most five after one another, so that a link is asked about within five seconds if each takes 300 ms', async () => {
    firewall([blocking], ['example.com.'])
    between.hold()
    await ask(world.question())
    // Route 53's calls are a second apart. Those that wait for their turn are stages of their own.
    const atOnce = between.stages.filter(stage => !stage.every(action => action === 'ListResourceRecordSets'))
    const paced = between.called.filter(action => /HostedZones|RecordSets/.test(action)).length
    expect(atOnce.length).toBeLessThanOrEqual(4)
    expect(between.stages.length * 0.3 + (paced - 1)).toBeLessThan(5)
    expect(between.called.toSorted()).toEqual([
      'DescribeNetworkAcls',
      'DescribeNetworkInterfaces',
      'DescribeNetworkInterfaces',
      'DescribeRouteTables',
      'DescribeSecurityGroupRules',
      'DescribeVpcAttribute',
      'DescribeVpcAttribute',
      'DescribeVpcEndpoints',
      'DescribeVpcs',
      'GetCallerIdentity',
      'ListFirewallDomains',
      'ListFirewallRuleGroupAssociations',
      'ListFirewallRules',
      'ListHostedZonesByVPC',
      'ListProfileAssociations',
      'ListResolverRuleAssociations',
      'ListResolverRules',
      'ListResourceRecordSets'
    ])
  })

  test('are shared by the hosts of a link, and each is in the list of actions', async () => {
    firewall([], [])
    const inquirer = await configuration.open(new AbortController().signal)
    await inquirer.ask(world.question())
    const made = inquirer.calls()
    const other = { ...world.target, host: host.replace('in01-', 'in02-'), name: 'prod/search/in02' }
    await inquirer.ask(world.question({ target: other, case: 'record-missing' }))
    expect(inquirer.calls()).toBe(made)
    const allowed = configuration.actions.map(action => action.split(':')[1])
    expect(between.called.filter(action => !allowed.includes(action))).toEqual([])
  })
})
