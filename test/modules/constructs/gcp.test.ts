import { ComputeNetwork } from '@cdktf/provider-google/lib/compute-network/index.js'
import { ComputeSubnetwork } from '@cdktf/provider-google/lib/compute-subnetwork/index.js'
import { DnsManagedZone } from '@cdktf/provider-google/lib/dns-managed-zone/index.js'
import { GoogleProvider } from '@cdktf/provider-google/lib/provider/index.js'
import {
  DataTerraformRemoteStateLocal,
  Fn,
  TerraformOutput,
  type TerraformStack,
  TerraformVariable,
  Token
} from 'cdktf'
import { describe, expect, test as plain } from 'vitest'
import { ParentManagedZone } from '../../../modules/gcp/parent-managed-zone.ts'
import { GcpPrivateLink } from '../../../modules/gcp/private-link.ts'
import type { GcpPrivateLinkProps } from '../../../modules/gcp/private-link-props.ts'
import { GoogleCloud } from '../../standin/google/google-cloud.ts'
import { openStack } from '../../standin/small-stack.ts'
import { testWith } from '../../support/test-with.ts'
import { gcpLink } from '../literals.ts'
import { gcpHost, googleWorld, internalZone } from '../world.ts'
import { comesAndGoes, mistakesOf, remoteState, synthesized } from './own-stack.ts'

const test = testWith('terraform')

const { project, region, serviceAttachment } = gcpLink
const host = `https://${gcpHost}:443`
const other = 'https://in01-71e949d971f841c-privatelink.gcp-us-west1.vectordb.zillizcloud.com:19532'
const written = {
  project,
  region,
  network: 'default',
  subnetwork: 'default',
  serviceAttachment,
  hosts: [host],
  zone: 'per-host'
} as const

const provide = (stack: TerraformStack) => new GoogleProvider(stack, 'google', { project, region })

/** A network with a subnet, made by the user. */
function network(stack: TerraformStack) {
  const vpc = new ComputeNetwork(stack, 'network', { name: 'search', autoCreateSubnetworks: false })
  const subnet = new ComputeSubnetwork(stack, 'subnet', {
    name: 'search',
    network: vpc.id,
    ipCidrRange: '10.50.0.0/24'
  })
  return { vpc, subnet }
}

const onDemand = 'proj-0a1b2c3d4e5f60718293a4.gcp-us-west1.api.zillizcloud.com'

const empty = () => new GoogleCloud({ project, networks: [] })

for (const kind of ['per-host', 'parent'] as const) {
  test(`spokes of the same stack, of projects that only Terraform knows, ask for the hosts of zone ${kind}, and go one by one`, async () => {
    const google = googleWorld()
    const build = (spokes: readonly string[]) => (stack: TerraformStack) => {
      provide(stack)
      const provider = new GoogleProvider(stack, 'spokes', { alias: 'spokes', region })
      const all = ['a', 'b'].map(letter => {
        const given = { type: 'string', default: `spoke-${letter}-123` }
        const project = new TerraformVariable(stack, `project-${letter}`, given).stringValue
        const name = `spoke-${letter}`
        const made = new ComputeNetwork(stack, name, { provider, project, name, autoCreateSubnetworks: false })
        return { name, project, networks: [made.id], provider }
      })
      const zonePeerings = all.filter(({ name }) => spokes.includes(name)).map(({ name: _, ...peering }) => peering)
      new GcpPrivateLink(stack, 'search', { ...written, zone: { kind, zonePeerings } })
    }
    const opened = await openStack({ google }, build(['spoke-a', 'spoke-b']))
    expect((await opened.apply()).errors).toEqual([])
    const seenIn = () =>
      ['spoke-a', 'spoke-b'].filter(
        name => google.resolve(`projects/${name}-123/global/networks/${name}`, gcpHost).kind === 'addresses'
      )
    expect(seenIn()).toEqual(['spoke-a', 'spoke-b'])
    expect((await opened.plan()).changes).toEqual([])
    await opened.rebuild(build(['spoke-b']))
    const { changes } = await opened.plan()
    expect(changes.map(({ address, actions }) => [address.replace(/\..*/, ''), ...actions])).toEqual([
      ['google_dns_managed_zone', 'delete']
    ])
    expect((await opened.apply()).errors).toEqual([])
    expect(seenIn()).toEqual(['spoke-b'])
    expect((await opened.destroy()).errors).toEqual([])
  })
}

describe('a Google Cloud private link in a stack of your own', () => {
  test('has in its attributes what comes next', async () => {
    const google = googleWorld()
    const opened = await openStack({ google }, stack => {
      provide(stack)
      const link = new GcpPrivateLink(stack, 'search', written)
      new TerraformOutput(stack, 'made', {
        value: {
          endpointId: link.endpointId,
          addresses: link.addresses,
          connectionStatus: link.connectionStatus,
          records: link.records,
          uris: link.uris,
          targets: link.targets,
          registration: link.registration
        }
      })
    })
    await comesAndGoes(opened, ({ made }) => {
      const [address] = [...google.addresses.values()]
      expect(made).toEqual({
        endpointId: 'search-us-west1',
        addresses: [address?.address],
        connectionStatus: 'ACCEPTED',
        records: [{ name: gcpHost, type: 'A', value: address?.address, zone: 'search-in01-61e949d971f841b' }],
        uris: { 'in01-61e949d971f841b': host },
        targets: [
          {
            name: 'small/search/in01-61e949d971f841b',
            environment: 'small',
            stack: 'small',
            cloud: 'gcp',
            region,
            host: gcpHost,
            port: 443,
            project,
            network: 'default',
            managedZone: 'search-in01-61e949d971f841b',
            forwardingRule: 'search-us-west1',
            endpointAddress: address?.address,
            egressFirewall: 'search-us-west1-egress'
          }
        ],
        registration: {
          'Cloud Provider': 'Google Cloud',
          Region: region,
          'Google Cloud Project ID': project,
          'VPC Name': 'default',
          'Subnet Name': 'default',
          'Private Service Connect Endpoint prefix': 'search',
          'Your Endpoint': 'search-us-west1'
        }
      })
    })
    expect(google.forwardingRules.size + google.managedZones.size + google.firewalls.size).toBe(0)
  })

  plain('uses the provider that it is given for everything, and another for a zone of others', () => {
    const { resource, data } = synthesized(stack => {
      const provider = new GoogleProvider(stack, 'network', { project, region, alias: 'network' })
      const dns = new GoogleProvider(stack, 'dns', { project: 'net-host-123', alias: 'dns' })
      const link = new GcpPrivateLink(stack, 'search', {
        ...written,
        zone: { kind: 'existing', zoneName: 'internal', zoneProject: 'net-host-123', provider: dns },
        iapSshTargetTags: ['bastion'],
        provider
      })
      link.addHost(other)
    })
    const providers = Object.entries({ ...resource, ...data }).flatMap(([type, made]) =>
      Object.values(made).map(({ provider }) => `${type} ${provider}`)
    )
    expect(providers.sort()).toEqual([
      'google_compute_address google.network',
      'google_compute_firewall google.network',
      'google_compute_firewall google.network',
      'google_compute_forwarding_rule google.network',
      'google_compute_network google.network',
      'google_compute_subnetwork google.network',
      'google_dns_managed_zone google.dns',
      'google_dns_record_set google.dns',
      'google_dns_record_set google.dns',
      'terraform_data undefined'
    ])
  })

  test('takes hosts and clients that are added later as those that it is made with', async () => {
    const opened = await openStack({ google: googleWorld() }, stack => {
      provide(stack)
      new GcpPrivateLink(stack, 'search', { ...written, hosts: [host, other], egressTargetTags: ['search', 'batch'] })
      new GcpPrivateLink(stack, 'papers', {
        ...written,
        zone: 'none',
        egressTargetServiceAccounts: ['a@search-test.iam.gserviceaccount.com', 'b@search-test.iam.gserviceaccount.com']
      })
    })
    expect((await opened.apply()).errors).toEqual([])
    await opened.rebuild(stack => {
      provide(stack)
      const search = new GcpPrivateLink(stack, 'search', { ...written, egressTargetTags: ['search'] })
      search.allowFrom({ targetTags: ['search', 'batch'] })
      search.addHost(other)
      const papers = new GcpPrivateLink(stack, 'papers', {
        ...written,
        hosts: [],
        zone: 'none',
        egressTargetServiceAccounts: ['a@search-test.iam.gserviceaccount.com']
      })
      papers.addHost(host)
      papers.allowFrom({ targetServiceAccounts: ['b@search-test.iam.gserviceaccount.com'] })
    })
    const { changes, errors } = await opened.plan()
    expect({ changes, errors }).toEqual({ changes: [], errors: [] })
  })

  test('shares a zone with another link in the network', async () => {
    const google = empty()
    const opened = await openStack({ google }, stack => {
      provide(stack)
      const { vpc, subnet } = network(stack)
      const zone = new ParentManagedZone(stack, 'names', { project, networks: [vpc.id] })
      for (const [name, url] of Object.entries({ search: host, papers: other })) {
        new GcpPrivateLink(stack, name, { ...written, network: vpc.id, subnetwork: subnet.id, hosts: [url], zone })
      }
    })
    await comesAndGoes(opened, () => {
      expect([...google.managedZones.values()].map(({ name }) => name)).toEqual(['vectordb.zillizcloud.com.'])
      for (const { address } of google.addresses.values()) {
        expect([gcpHost, new URL(other).hostname].map(name => google.resolve('search', name))).toContainEqual(
          expect.objectContaining({ addresses: [address] })
        )
      }
    })
  })
})

describe('tokens', () => {
  for (const { by, given } of [
    {
      by: 'name',
      given: ({ vpc, subnet }: ReturnType<typeof network>) => ({ network: vpc.name, subnetwork: subnet.name })
    },
    { by: 'id', given: ({ vpc, subnet }: ReturnType<typeof network>) => ({ network: vpc.id, subnetwork: subnet.id }) },
    {
      by: 'self link',
      given: ({ vpc, subnet }: ReturnType<typeof network>) => ({ network: vpc.selfLink, subnetwork: subnet.selfLink })
    }
  ]) {
    test(`network and subnetwork of the same stack by ${by}`, async () => {
      const google = empty()
      const opened = await openStack({ google }, stack => {
        provide(stack)
        const link = new GcpPrivateLink(stack, 'search', { ...written, ...given(network(stack)) })
        new TerraformOutput(stack, 'dialog', { value: link.registration })
      })
      await comesAndGoes(opened, ({ dialog }) => {
        expect(dialog).toMatchObject({ 'VPC Name': 'search', 'Subnet Name': 'search' })
        const [rule] = [...google.forwardingRules.values()]
        expect(rule?.network).toBe(`projects/${project}/global/networks/search`)
        expect(google.resolve('search', gcpHost)).toMatchObject({ addresses: [rule?.address] })
      })
    })
  }

  test('a change of the network and the subnet in place leaves the link alone', async () => {
    const build = (routingMode: string, privateIpGoogleAccess: boolean) => (stack: TerraformStack) => {
      provide(stack)
      const { vpc, subnet } = network(stack)
      vpc.routingMode = routingMode
      subnet.privateIpGoogleAccess = privateIpGoogleAccess
      new GcpPrivateLink(stack, 'search', { ...written, network: vpc.id, subnetwork: subnet.name })
    }
    const opened = await openStack({ google: empty() }, build('REGIONAL', false))
    expect((await opened.apply()).errors).toEqual([])
    await opened.rebuild(build('GLOBAL', true))
    const { changes } = await opened.plan()
    expect(changes).toEqual([
      { address: 'google_compute_network.network', actions: ['update'] },
      { address: 'google_compute_subnetwork.subnet', actions: ['update'] }
    ])
  })

  test('a zone of the same stack, and tags and service accounts', async () => {
    const google = empty()
    const opened = await openStack({ google }, stack => {
      provide(stack)
      const { vpc, subnet } = network(stack)
      const zone = new DnsManagedZone(stack, 'zone', {
        name: 'internal',
        dnsName: 'zillizcloud.com.',
        visibility: 'private',
        privateVisibilityConfig: { networks: [{ networkUrl: vpc.id }] }
      })
      const tags = new TerraformVariable(stack, 'tags', { type: 'list(string)', default: ['search', 'batch'] })
      new GcpPrivateLink(stack, 'search', {
        ...written,
        network: vpc.id,
        subnetwork: subnet.id,
        zone: { kind: 'existing', zoneName: zone.name },
        egressTargetTags: tags.listValue,
        egressPriority: new TerraformVariable(stack, 'priority', { type: 'number', default: 700 }).numberValue,
        globalAccess: new TerraformVariable(stack, 'global', { type: 'bool', default: true }).booleanValue,
        iapSshTargetTags: { bastion: Token.asString(Fn.element(tags.listValue, 0)) }
      })
      new GcpPrivateLink(stack, 'papers', {
        ...written,
        hosts: [other],
        network: vpc.id,
        subnetwork: subnet.id,
        zone: { kind: 'existing', zoneName: zone.id },
        egressTargetServiceAccounts: [Token.asString(Fn.join('', ['a', '@search-test.iam.gserviceaccount.com']))]
      })
    })
    await comesAndGoes(opened, () => {
      expect([...google.forwardingRules.values()].map(({ allowsGlobalAccess }) => allowsGlobalAccess)).toEqual(
        expect.arrayContaining([true, false])
      )
      const rules = [...google.firewalls.values()].map(({ name, priority, targetTags, targetServiceAccounts }) => [
        name,
        String(priority),
        ...targetTags,
        ...targetServiceAccounts
      ])
      expect(rules.sort()).toEqual([
        ['papers-us-west1-egress', '900', 'a@search-test.iam.gserviceaccount.com'],
        ['search-us-west1-egress', '700', 'batch', 'search'],
        ['search-us-west1-iap-ssh', '1000', 'search']
      ])
    })
  })

  test('labels as one token: a variable, and one merged with others', async () => {
    const google = empty()
    const opened = await openStack({ google }, stack => {
      provide(stack)
      const { vpc, subnet } = network(stack)
      const variable = new TerraformVariable(stack, 'labels', { type: 'map(string)', default: { cost: '7' } })
      const labeled = (id: string, labels: GcpPrivateLinkProps['labels']) =>
        new GcpPrivateLink(stack, id, {
          ...written,
          hosts: [],
          network: vpc.id,
          subnetwork: subnet.id,
          zone: 'none',
          labels
        })
      labeled('variable', variable.value)
      labeled('merged', Fn.merge([variable.value, { 'cost-center': '8', subnet: subnet.region }]))
    })
    await comesAndGoes(opened, () => {
      const labels = (made: Iterable<{ readonly name: string; readonly labels: object }>) =>
        Object.fromEntries(Array.from(made, ({ name, labels }) => [name, labels]))
      const [variable, merged] = [{ cost: '7' }, { cost: '7', 'cost-center': '8', subnet: region }]
      expect(labels(google.forwardingRules.values())).toEqual({
        'variable-us-west1': variable,
        'merged-us-west1': merged
      })
    })
  })

  test('project, region, network, subnet and zone of remote state and of variables', async () => {
    const google = googleWorld(internalZone)
    const path = await remoteState({
      host_project: 'net-host-123',
      regions: [region],
      network: 'projects/net-host-123/global/networks/shared',
      subnetwork: 'shared-us-west1',
      attachment: serviceAttachment,
      zone: 'internal'
    })
    const opened = await openStack({ google }, stack => {
      provide(stack)
      const remote = new DataTerraformRemoteStateLocal(stack, 'network', { path })
      const own = new TerraformVariable(stack, 'project', { type: 'string', default: project })
      const prefixes = new TerraformVariable(stack, 'prefixes', { type: 'map(string)', default: { links: 'zilliz' } })
      new GcpPrivateLink(stack, 'search', {
        project: own.stringValue,
        networkProject: remote.getString('host_project'),
        region: Token.asString(Fn.element(remote.getList('regions'), 0)),
        network: remote.getString('network'),
        subnetwork: remote.getString('subnetwork'),
        serviceAttachment: remote.getString('attachment'),
        hosts: [host],
        zone: { kind: 'existing', zoneName: remote.getString('zone') },
        endpointPrefix: Token.asString(Fn.lookup(prefixes.value, 'links', ''))
      })
      // Of the network by its name, only the project is a token.
      new GcpPrivateLink(stack, 'reports', { ...written, hosts: [], project: own.stringValue })
      new GcpPrivateLink(stack, 'papers', {
        ...written,
        hosts: [other],
        project: own.stringValue,
        networkProject: remote.getString('host_project'),
        network: remote.getString('network'),
        subnetwork: 'shared-us-west1',
        zone: { kind: 'per-host', zoneNetworks: [`projects/${project}/global/networks/default`] }
      })
    })
    await comesAndGoes(opened, () => {
      expect([...google.forwardingRules.keys()].sort()).toEqual([
        `projects/${project}/regions/${region}/forwardingRules/papers-us-west1`,
        `projects/${project}/regions/${region}/forwardingRules/reports-us-west1`,
        `projects/${project}/regions/${region}/forwardingRules/zilliz-us-west1`
      ])
      expect([...google.firewalls.values()].map(firewall => firewall.project)).toEqual(['net-host-123', 'net-host-123'])
      expect(google.resolve('default', gcpHost)).toMatchObject({ addresses: [expect.any(String)] })
    })
  })

  plain('are in nothing but values: no id and no quoted text of an expression', () => {
    const { text } = synthesized(stack => {
      provide(stack)
      const { vpc, subnet } = network(stack)
      const at = (name: string) => new TerraformVariable(stack, name, { type: 'string' }).stringValue
      new GcpPrivateLink(stack, 'search', {
        ...written,
        project: at('project'),
        region: at('region'),
        network: vpc.name,
        subnetwork: subnet.name,
        address: at('address'),
        endpointPrefix: at('prefix'),
        zone: { kind: 'per-host', zoneNetworks: [at('other')] },
        egressTargetTags: [at('tag')]
      })
    })
    expect(text).not.toContain('TfToken')
    expect([...text.matchAll(/\$\{[^"\\}]*\\"[^"\\]*\$\{/g)].map(([match]) => match)).toEqual([])
  })
})

describe('synth reports', () => {
  const mistakes = (props: Readonly<Record<string, unknown>>) =>
    mistakesOf(stack => {
      provide(stack)
      // What a person without TypeScript may write.
      new GcpPrivateLink(stack, 'search', { ...written, ...props } as GcpPrivateLinkProps)
    })

  plain('every mistake at once, each with its place, what was given and what to do', () => {
    expect(
      mistakes({
        region: 'gcp-us-west1',
        network: 'Default',
        hosts: ['https://in01-61e949d971f841b-privatelink.gcp-us-east1.vectordb.zillizcloud.com:443'],
        zone: { kind: 'existing', zoneId: 'internal' },
        egressPriority: 70000,
        globalAccess: 'yes',
        egressTargetTags: [],
        egressTargetServiceAccounts: ['search'],
        source: ['10.0.0.0/8']
      })
    ).toEqual(
      [
        `region: must be Google's own spelling, got "gcp-us-west1". Write us-west1.`,
        'network: must be the name of a VPC network such as default, got "Default". Copy it from the column Name of the VPC networks page.',
        'zone.zoneName: is missing. Give a string.',
        'zone: unknown key "zoneId". Known keys are kind, zoneName, zoneProject, provider.',
        'globalAccess: must be true, false or a token, got "yes"',
        'egressPriority: must be a whole number from 0 to 65535. The lower number comes first.',
        'egressTargetServiceAccounts[0]: must be the e-mail address of a service account such as search@my-project-123.iam.gserviceaccount.com, got "search". Copy it from the page Service accounts.',
        expect.stringContaining('unknown key "source". Known keys are project, networkProject, region, '),
        `hosts[0]: is in gcp-us-east1, but the service of this link is in gcp-us-west1, got "in01-61e949d971f841b-privatelink.gcp-us-east1.vectordb.zillizcloud.com". Put it on a link to gcp-us-east1.`,
        'egressTargetServiceAccounts: cannot be used with egressTargetTags. Remove one of them: Google Cloud accepts only one in a rule.',
        'egressTargetTags: must not be empty. Omit the key to allow every VM.'
      ].map(line => (typeof line === 'string' ? `app/search: ${line}` : line))
    )
  })

  for (const [what, props, line] of [
    [
      'labels into which a map of Terraform is spread',
      { labels: { ...Token.asStringMap('${var.labels}'), team: 'search' } },
      'app/search: labels: has keys next to a map of which only Terraform knows the keys. Merge them: Fn.merge([map, { team: "search" }]).'
    ],
    [
      'networks of a zone that are a token as a whole',
      { zone: { kind: 'per-host', zoneNetworks: Token.asList('${var.networks}') } },
      'app/search: zone.zoneNetworks: must be known at synth, got a token of Terraform. Give the networks one by one: [first.id, second.id].'
    ]
  ] as const) {
    plain(`one line for ${what}`, () => {
      expect(mistakes(props)).toEqual([line])
    })
  }

  for (const { when, call, line } of [
    {
      when: 'more VMs are allowed where all are',
      call: (stack: TerraformStack) =>
        new GcpPrivateLink(stack, 'search', written).allowFrom({ targetTags: ['batch'] }),
      line: 'app/search: allowFrom: every VM of the network is allowed already, so a list would allow fewer. Give the link egressTargetTags or egressTargetServiceAccounts first.'
    },
    {
      when: 'VMs are allowed by service accounts where tags are given',
      call: (stack: TerraformStack) =>
        new GcpPrivateLink(stack, 'search', { ...written, egressTargetTags: ['search'] }).allowFrom({
          targetServiceAccounts: ['a@search-test.iam.gserviceaccount.com']
        }),
      line: 'app/search: allowFrom: must be targetTags as those of the link are, got targetServiceAccounts. Google Cloud accepts only one of them in a rule.'
    },
    {
      when: 'the host of on-demand clusters is added to a parent zone',
      call: (stack: TerraformStack) =>
        new GcpPrivateLink(stack, 'search', { ...written, zone: 'parent' }).addHost(`https://${onDemand}`),
      line: `app/search/host-proj-0a1b2c3d4e5f60718293a4: is not below vectordb.zillizcloud.com, which is all that the parent zone answers, got "${onDemand}". Give a link with zone: 'per-host' or 'existing' to it.`
    },
    {
      when: 'a link with a parent zone is made with the host of on-demand clusters',
      call: (stack: TerraformStack) =>
        new GcpPrivateLink(stack, 'search', { ...written, zone: 'parent', hosts: [`https://${onDemand}`] }),
      line: `app/search: hosts[0]: is not below vectordb.zillizcloud.com, which is all that zone: 'parent' answers, got "${onDemand}". Give a link with zone: 'per-host' or 'existing' to it.`
    },
    {
      when: 'a spoke peers that the link has already',
      call: (stack: TerraformStack) => {
        const { vpc, subnet } = network(stack)
        const hub = vpc.id
        const spoke = new ComputeNetwork(stack, 'spoke', { name: 'spoke', autoCreateSubnetworks: false }).id
        new GcpPrivateLink(stack, 'search', {
          ...written,
          network: hub,
          subnetwork: subnet.id,
          zone: { kind: 'per-host', zonePeerings: [{ project, networks: [spoke] }], zoneNetworks: [spoke] }
        })
      },
      line: 'app/search: zone.zonePeerings[0].networks[0]: is in zoneNetworks already, got "…". Remove one.'
    },
    {
      when: 'a cluster is added again',
      call: (stack: TerraformStack) => new GcpPrivateLink(stack, 'search', written).addHost(host),
      line: `app/search: addHost: names cluster in01-61e949d971f841b again, got "${gcpHost}". Remove one.`
    }
  ]) {
    plain(`one line where ${when}`, () => {
      expect(
        mistakesOf(stack => {
          provide(stack)
          call(stack)
        }).map(line => line.replace(/\$\{\S+\}/, '…'))
      ).toEqual([line])
    })
  }
})
