import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { AwsTarget } from '../../../probe/clouds/aws/target.ts'
import { GcpTarget } from '../../../probe/clouds/gcp/target.ts'
import { configJsonSchema } from '../../../probe/config/config.ts'
import { type ConfigSource, loadConfig } from '../../../probe/config/source.ts'
import { withSystemResolvers } from '../../../probe/config/system-resolvers.ts'
import { ConfigError } from '../../../probe/schema/read.ts'
import { makeAuthority } from '../../support/certificates.ts'
import { awsTarget, gcpTarget } from '../../support/evidence.ts'

const directory = await mkdtemp(join(tmpdir(), 'probe-config-'))
afterAll(() => rm(directory, { recursive: true }))

const resolvers = [{ name: 'vpc', address: '10.0.0.2', port: 53 }]
const valid = { targets: [awsTarget], resolvers }

async function mistakesOf(source: ConfigSource): Promise<readonly string[]> {
  try {
    await loadConfig(source)
  } catch (error) {
    if (error instanceof ConfigError) return error.mistakes.map(line => line.replaceAll(directory, ''))
    throw error
  }
  return []
}

const ofJson = (config: unknown) => mistakesOf({ json: JSON.stringify(config) })

async function file(name: string, text: string): Promise<string> {
  const path = join(directory, name)
  await writeFile(path, text)
  return path
}

describe('a config', () => {
  test('without targets is valid, and all else has a default', async () => {
    const { config } = await loadConfig({ json: JSON.stringify({ targets: [], resolvers }) })
    expect(config).toEqual({
      targets: [],
      resolvers,
      intervalSeconds: 10,
      libcIntervalSeconds: 60,
      queriesPerSecond: 800,
      allowLoopback: false,
      idleConnections: 100,
      listen: { host: '127.0.0.1', port: 9815, names: [] }
    })
  })

  test('has all its mistakes reported at once', async () => {
    expect(await ofJson({ targets: [{ ...awsTarget, port: 0 }], resolvers, intervalSecond: 5 })).toEqual([
      'PROBE_CONFIG: targets[0].port: must be at least 1, got 0',
      'PROBE_CONFIG: unknown key "intervalSecond". Did you mean "intervalSeconds"?'
    ])
  })
})

for (const { when, change, line } of [
  { when: 'has no list of targets', change: { targets: undefined }, line: 'targets: is missing. Give a list.' },
  {
    when: 'has a target without a cloud',
    change: { targets: [{ ...awsTarget, cloud: undefined }] },
    line: 'targets[0].cloud: is missing. Choose "aws" or "gcp".'
  },
  {
    when: 'has a target on another cloud',
    change: { targets: [{ ...awsTarget, cloud: 'azure' }] },
    line: 'targets[0].cloud: must be "aws" or "gcp", got "azure"'
  },
  {
    when: "has the other cloud's key",
    change: { targets: [{ ...gcpTarget, vpcId: 'vpc-0a1b2c3d4e5f60718' }] },
    line: 'targets[0]: unknown key "vpcId". Known keys are name, environment, stack, region, host, port, canaries, cloud, project, network, managedZone, forwardingRule, endpointAddress, egressFirewall.'
  },
  {
    when: 'has a host with a last dot',
    change: { targets: [{ ...awsTarget, host: 'in01.example.' }] },
    line: 'targets[0].host: must be a DNS name in lower case and without a last dot, such as in01-….aws-us-west-2.vectordb.zillizcloud.com, got "in01.example."'
  },
  {
    when: 'has a private link in place of a host',
    change: { targets: [{ ...awsTarget, host: 'https://in01.example:19531' }] },
    line: 'targets[0].host: must be the host alone, got "https://in01.example:19531". Write host "in01.example" and port 19531, or the private link in place of the whole target.'
  },
  {
    when: 'has a target whose name is not its place',
    change: { targets: [{ ...awsTarget, name: 'search' }] },
    line: 'targets[0].name: must be <environment>/<link>/<cluster> in lower case, such as prod/search/in01-840ec44485bf25d, got "search"'
  },
  {
    when: 'names a target twice',
    change: { targets: [awsTarget, gcpTarget, awsTarget] },
    line: 'targets[2].name: names "prod/search/in01-840ec44485bf25d" again. Rename or remove one: targets[0] has it already.'
  },
  {
    when: 'has a port in quotes',
    change: { targets: [{ ...awsTarget, port: '19531' }] },
    line: 'targets[0].port: must be a number, got "19531"'
  },
  {
    when: 'has a host for an endpoint address',
    change: { targets: [{ ...gcpTarget, endpointAddress: 'endpoint.example' }] },
    line: 'targets[0].endpointAddress: must be an IPv4 or IPv6 address, got "endpoint.example"'
  },
  {
    when: 'empties the list of resolvers',
    change: { resolvers: [] },
    line: 'resolvers: must not be empty. Give at least one, or leave the key out.'
  },
  {
    when: 'has a resolver without an address',
    change: { resolvers: [{ name: 'vpc', address: 'ns.example' }] },
    line: 'resolvers[0].address: must be an IPv4 or IPv6 address, or system, got "ns.example"'
  },
  {
    when: 'names a resolver twice',
    change: { resolvers: [...resolvers, ...resolvers] },
    line: 'resolvers[1].name: names "vpc" again. Rename or remove one: resolvers[0] has it already.'
  },
  {
    when: 'wants no time between rounds',
    change: { intervalSeconds: 0 },
    line: 'intervalSeconds: must be at least 1, got 0'
  },
  {
    when: "wants more queries than the clouds' resolvers answer",
    change: { queriesPerSecond: 5000 },
    line: 'queriesPerSecond: must be at most 1000, got 5000'
  },
  {
    when: 'has no probe for its targets, not even itself',
    change: { probes: 0 },
    line: 'probes: must be at least 1, got 0'
  },
  {
    when: 'has half a probe',
    change: { probes: 1.5 },
    line: 'probes: must be a whole number, got 1.5'
  },
  {
    when: 'has the port of the probes for their number',
    change: { probes: 9815 },
    line: 'probes: must be at most 1000, got 9815'
  },
  {
    when: 'has the number of probes in quotes',
    change: { probes: '3' },
    line: 'probes: must be a number, got "3"'
  },
  {
    when: 'has a switch in quotes',
    change: { allowLoopback: 'yes' },
    line: 'allowLoopback: must be true or false, got "yes"'
  },
  {
    when: 'has a certificate without a key',
    change: { listen: { tls: { certFile: 'tls.crt' } } },
    line: 'listen.tls.keyFile: is missing. Give a string.'
  },
  {
    when: 'has a password where a file should be',
    change: { listen: { basicAuth: { username: 'prometheus', password: 'secret' } } },
    line: [
      'listen.basicAuth.passwordFile: is missing. Give a string.',
      'listen.basicAuth: unknown key "password". Did you mean "passwordFile"?'
    ]
  }
]) {
  test(`a config is refused when it ${when}`, async () => {
    expect(await ofJson({ ...valid, ...change })).toEqual([line].flat().map(each => `PROBE_CONFIG: ${each}`))
  })
}

describe('what a target puts into a command', () => {
  const hostile = 'x; touch /tmp/p; #'
  const fields = [awsTarget, gcpTarget].flatMap(target =>
    Object.entries({ ...target, stack: 'network' }).flatMap(([field, value]) =>
      typeof value === 'string' ? [{ target, field }] : []
    )
  )

  test.for(fields)('is refused unless it is of that shape: $target.cloud $field', async ({ target, field }) => {
    const mistakes = await ofJson({ ...valid, targets: [{ ...target, [field]: hostile }] })
    expect(mistakes).toEqual([expect.stringContaining(`PROBE_CONFIG: targets[0].${field}: must `)])
    expect(mistakes).toEqual([expect.stringContaining('got "x; touch /tmp/p; #"')])
  })

  test('is every text that a target may have', () => {
    for (const [target, schema] of [[awsTarget, AwsTarget] as const, [gcpTarget, GcpTarget] as const]) {
      const texts = Object.keys(schema.shape).filter(field => !['port', 'canaries'].includes(field))
      expect(texts.toSorted()).toEqual(fields.flatMap(each => (each.target === target ? [each.field] : [])).toSorted())
    }
  })
})

describe('a source', () => {
  const outputs = { prod: { probe_config: JSON.stringify({ targets: [awsTarget] }), endpoint: 'x' }, bare: {} }

  test('may be YAML', async () => {
    const path = await file('config.yaml', `targets: []\nresolvers: [{name: vpc, address: 10.0.0.2}]\n`)
    expect((await loadConfig({ file: path })).resolvers).toEqual(resolvers)
  })

  test("may be a deploy's outputs as they are", async () => {
    const path = await file('outputs.json', JSON.stringify(outputs))
    const { config, files } = await loadConfig({ outputs: { file: path, environment: 'prod' } })
    expect(config.targets).toEqual([awsTarget])
    expect(files).toContain(path)
  })

  test('may be settings by hand, and the outputs of a deploy', async () => {
    const path = await file('outputs.json', JSON.stringify(outputs))
    const settings = await file('settings.yaml', 'intervalSeconds: 5\nresolvers: [{name: vpc, address: 10.0.0.2}]\n')
    const { config } = await loadConfig({ file: settings, outputs: { file: path, environment: 'prod' } })
    expect([config.intervalSeconds, config.targets]).toEqual([5, [awsTarget]])
  })

  test('says how many probes there are, in a container of a deploy or beside the outputs of one', async () => {
    const deployed = await loadConfig({ json: JSON.stringify({ ...valid, probes: 2 }) })
    expect(deployed.config.probes).toBe(2)
    const path = await file('outputs.json', JSON.stringify(outputs))
    const settings = await file('probes.yaml', 'probes: 3\nresolvers: [{name: vpc, address: 10.0.0.2}]\n')
    const { config } = await loadConfig({ file: settings, outputs: { file: path, environment: 'prod' } })
    expect([config.probes, config.targets]).toEqual([3, [awsTarget]])
  })

  test('brings the authorities to trust', async () => {
    const path = await file('ca.pem', 'no certificate')
    expect(await ofJson({ ...valid, caFile: path })).toEqual([
      'caFile: /ca.pem: holds no certificate in PEM. Convert one in DER: openssl x509 -inform der.'
    ])
  })

  test('brings no authorities if one of them is broken, wherever it is in the file', async () => {
    const { cert } = await makeAuthority()
    const broken = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'
    const path = await file('two.pem', cert + broken)
    expect(await ofJson({ ...valid, caFile: path })).toEqual([
      'caFile: /two.pem: certificate 2 of 2 is malformed. Copy it again, or remove it.'
    ])
  })

  for (const { when, source, line } of [
    {
      when: 'is not given',
      source: async () => ({}),
      line: 'no config is given. Give private links, or set --config, --outputs with --environment, PROBE_CONFIG or PROBE_TARGETS.'
    },
    {
      when: 'is not there',
      source: async () => ({ file: join(directory, 'gone.json') }),
      line: '/gone.json: cannot be read (ENOENT). Check that it exists and that the user may read it.'
    },
    {
      when: 'is cut short',
      source: async () => ({ json: '{"targets": [' }),
      line: 'PROBE_CONFIG: line 1, column 14: is not JSON: a closing bracket is missing. Check whether the file was written to its end.'
    },
    {
      when: 'is not YAML',
      source: async () => ({ file: await file('bad.yaml', 'targets: [\n') }),
      line: '/bad.yaml: line 2, column 1: is indented unlike the lines before it. Check its spaces, and quotes that are not closed.'
    },
    {
      when: 'has an alias of nothing',
      source: async () => ({ file: await file('alias.yaml', 'targets: *others\n') }),
      line: '/alias.yaml: line 1, column 11: has an alias (*) without an anchor (&) before it. Quote a value that begins with *.'
    },
    {
      when: 'is empty',
      source: async () => ({ file: await file('empty.yaml', '') }),
      line: '/empty.yaml: is empty. Check whether something should have written it.'
    },
    {
      when: "is a deploy's outputs, given as a config",
      source: async () => ({ file: await file('outputs.json', JSON.stringify(outputs)) }),
      line: '/outputs.json: is what a deploy put out, not a config. Give it as --outputs, with --environment prod.'
    },
    {
      when: 'has no such environment',
      source: async () => ({
        outputs: { file: await file('outputs.json', JSON.stringify(outputs)), environment: 'dev' }
      }),
      line: '/outputs.json: has no probe_config of environment "dev". Choose prod with --environment.'
    },
    {
      when: 'has the outputs of a deploy without a probe',
      source: async () => ({ outputs: { file: await file('outputs.json', '{"dev": {}}'), environment: 'dev' } }),
      line: '/outputs.json: has no probe_config of environment "dev". Deploy with --outputs-file, which writes it.'
    }
  ]) {
    test(`is refused when it ${when}`, async () => {
      expect(await mistakesOf(await source())).toEqual([line])
    })
  }
})

const system = { name: 'system', address: 'system', port: 53 }

test("the system's resolvers are those that libc asks", () => {
  const resolvConf =
    '# x\nsearch example\nnameserver 10.0.0.2\nnameserver\tfd00::2\nnameserver 10.0.0.3\nnameserver 10.0.0.4\n'
  expect(withSystemResolvers([system], resolvConf)).toEqual([
    { name: 'system', address: '10.0.0.2', port: 53 },
    { name: 'system-2', address: 'fd00::2', port: 53 },
    { name: 'system-3', address: '10.0.0.3', port: 53 }
  ])
  expect(() => withSystemResolvers([system], 'search example\n')).toThrow(
    'resolvers: /etc/resolv.conf has no resolver. Give the address of at least one.'
  )
})

test("the system's resolvers stand beside others, and one that is named by itself is asked once", () => {
  const vpc = { name: 'vpc', address: '169.254.169.254', port: 53 }
  const cluster = { ...system, name: 'cluster' }
  expect(withSystemResolvers([cluster, vpc], 'nameserver 10.96.0.10\n')).toEqual([
    { name: 'cluster', address: '10.96.0.10', port: 53 },
    vpc
  ])
  expect(withSystemResolvers([cluster, vpc], 'nameserver 169.254.169.254\n')).toEqual([vpc])
})

test("a resolver that has the name of one of the system's is refused", () => {
  const other = { name: 'system-2', address: '10.0.0.9', port: 53 }
  expect(() => withSystemResolvers([system, other], 'nameserver 10.0.0.2\nnameserver 10.0.0.3\n')).toThrow(
    'resolvers: the name "system-2" is also that of a resolver in /etc/resolv.conf. Rename it.'
  )
})

test('the JSON Schema has every key, and says what it is', () => {
  const schema = JSON.parse(JSON.stringify(configJsonSchema()))
  expect(schema.required).toEqual(['targets'])
  expect(schema.additionalProperties).toBe(false)
  for (const [key, property] of Object.entries<{ description?: string }>(schema.properties)) {
    if (key !== 'targets') expect(property.description, key).toBeTypeOf('string')
  }
})
