import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { parse } from '../../../probe/config/parse.ts'
import { type ConfigSource, readConfig } from '../../../probe/config/source.ts'
import { configLimits } from '../../../probe/schema/limits.ts'
import { ConfigError } from '../../../probe/schema/read.ts'
import { awsTarget, gcpTarget, host } from '../../support/evidence.ts'

const directory = await mkdtemp(join(tmpdir(), 'probe-parse-'))
afterAll(() => rm(directory, { recursive: true }))

async function mistakesOf(reading: Promise<unknown>): Promise<readonly string[]> {
  try {
    await reading
  } catch (error) {
    if (error instanceof ConfigError) return error.mistakes.map(line => line.replaceAll(`${directory}/`, ''))
    throw error
  }
  return []
}

async function inFile(name: string, text: string): Promise<string> {
  const path = join(directory, name)
  await writeFile(path, text)
  return path
}

const ofSource = (source: ConfigSource) => mistakesOf(readConfig(source))
const ofYaml = async (text: string) => ofSource({ file: await inFile('config.yaml', text) })
const ofJson = (config: unknown) => ofSource({ json: JSON.stringify(config) })
const resolvers = [{ name: 'vpc', address: '10.0.0.2' }]

const nine = (of: string) => `[${Array(9).fill(of).join(',')}]`
const bomb = [
  `a: &a ${nine('x')}`,
  ...'bcdef'.split('').map((name, index) => `${name}: &${name} ${nine(`*${'abcdef'[index]}`)}`)
].join('\n')
const entries = (count: number, entry: (index: number) => string) =>
  Array.from({ length: count }, (_, i) => entry(i)).join('\n')
const deep = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`

describe('YAML', () => {
  test('may merge objects with <<', async () => {
    const { name, ...same } = awsTarget
    const text = [
      `resolvers: ${JSON.stringify(resolvers)}`,
      'targets:',
      `  - &first ${JSON.stringify({ name, ...same })}`,
      '  - <<: *first',
      '    name: prod/search/in01-2',
      '    port: 19532'
    ].join('\n')
    const { config } = await readConfig({ file: await inFile('merged.yaml', text) })
    expect(config.targets).toEqual([awsTarget, { ...awsTarget, name: 'prod/search/in01-2', port: 19532 }])
  })

  test('may begin and end with ---', async () => {
    expect(await parse('---\na: 1\n---\n# nothing\n', 'x.yaml')).toEqual({ a: 1 })
  })

  test.for<[what: string, text: string, line: string]>([
    ['contains itself', 'targets: &a [*a]', 'contains itself. Write the value out in place of the alias.'],
    [
      'contains itself further down',
      'a: &a\n  b:\n    c: [1, *a]',
      'contains itself. Write the value out in place of the alias.'
    ],
    [
      'has aliases of aliases of aliases',
      bomb,
      'holds more than 50000 values. Check whether it is the right file, and for aliases of aliases.'
    ],
    [
      'has too many aliases',
      `a: &a 1\n${entries(configLimits.aliases + 1, index => `k${index}: *a`)}`,
      'line 2002, column 9: is the alias after the first 2000. Write the values out.'
    ],
    [
      'merges too many keys',
      `a: &a {${Array.from({ length: 1000 }, (_, i) => `k${i}: 1`).join(', ')}}\nb:\n  <<: [${Array(30).fill('*a').join(', ')}]`,
      'line 3, column 3: merges more than 20000 keys. Write the values out.'
    ],
    [
      'is nested too deeply',
      deep(configLimits.depth + 1),
      'line 1, column 32: is nested deeper than 32 levels. Check whether it is the right file.'
    ],
    [
      'is nested too deeply by aliases',
      `a: &a ${deep(21)}\nb: [[[[[[[[[[[[*a]]]]]]]]]]]]`,
      'is nested deeper than 32 levels. Check whether it is the right file.'
    ],
    [
      'holds several documents',
      'targets: []\n---\nb: 1\n',
      'holds 2 YAML documents. Write all in one, without --- between them.'
    ],
    [
      'has a tag',
      'targets: !secret x',
      'line 1, column 10: has a tag (!). Tags are not supported: write the value itself.'
    ],
    [
      'has a tag of YAML 1.1',
      'a: !!binary aGk=',
      'line 1, column 4: has a tag (!). Tags are not supported: write the value itself.'
    ],
    ['repeats a key', 'targets: []\ntargets: []', 'line 2, column 1: repeats a key of the same object. Remove one.'],
    ['merges a number', 'a:\n  <<: 5', 'line 2, column 3: merges (<<) what is no object. Give an alias of an object.'],
    ['has a list for a key', '? [a, b]\n: c', 'line 1, column 1: has a list or an object for a key. Write a text.'],
    ['is indented with a tab', 'a:\n\tb: 1', 'line 2, column 1: is indented with a tab. Use spaces.'],
    ['has only comments', '# targets: []\n', 'is empty. Check whether something should have written it.'],
    ['has only the mark of a document', '---\n', 'is empty. Check whether something should have written it.'],
    ['is plain text', 'hunter2', 'must be an object, got plain text']
  ])('is refused when it %s', async ([, text, line]) => {
    expect(await ofYaml(text)).toEqual([`config.yaml: ${line}`])
  })
})

describe('JSON', () => {
  test.for<[what: string, text: string, line: string]>([
    [
      'lacks a comma',
      '{"targets": []\n"listen": {}}',
      'line 2, column 1: is not JSON: a comma is missing. Write one between two entries.'
    ],
    [
      'has a comma too many',
      '{"targets": [],}',
      'line 1, column 16: is not JSON: a key is missing. Write a key in double quotes, or remove the comma before it.'
    ],
    [
      'has a comment',
      '{"targets": [] // none\n}',
      'line 1, column 16: is not JSON: comments are not allowed. Remove it, or write the config in YAML.'
    ],
    [
      'goes on after its end',
      '{"targets": []}\n{}',
      'line 2, column 1: is not JSON: text follows the end. Keep one object.'
    ],
    [
      'repeats a key',
      '{"targets": [], "targets": []}',
      'line 1, column 17: repeats a key of the same object. Remove one.'
    ],
    [
      'is nested too deeply',
      deep(configLimits.depth + 1),
      'is nested deeper than 32 levels. Check whether it is the right file.'
    ],
    [
      'is nested without end',
      '['.repeat(500_000),
      'is nested deeper than 32 levels. Check whether it is the right file.'
    ],
    [
      'holds too many values',
      JSON.stringify({ targets: Array(configLimits.values).fill(1) }),
      'holds more than 50000 values. Check whether it is the right file, and for aliases of aliases.'
    ]
  ])('is refused when it %s', async ([, text, line]) => {
    expect(await ofSource({ json: text })).toEqual([`PROBE_CONFIG: ${line}`])
  })

  test('has every repeated key reported, up to a limit', async () => {
    const mistakes = await ofSource({ json: `{${Array(1001).fill('"a":1').join(',')}}` })
    expect(mistakes).toHaveLength(configLimits.mistakes + 1)
    expect(mistakes.at(-1)).toBe('… and 900 more')
  })
})

describe('mistakes beyond a limit are counted', () => {
  test.for([
    [
      'unknown keys',
      { targets: [], resolvers, ...Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`k${i}`, 1])) }
    ],
    [
      'unknown keys of one target',
      { targets: [{ ...awsTarget, ...Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`k${i}`, 1])) }] }
    ],
    [
      'unknown keys of a target on no cloud',
      {
        targets: [
          { ...awsTarget, cloud: 'x', ...Object.fromEntries(Array.from({ length: 19_999 }, (_, i) => [`k${i}`, 1])) }
        ]
      }
    ]
  ] as const)('%s', async ([, config]) => {
    const mistakes = await ofJson(config)
    expect(mistakes).toHaveLength(configLimits.mistakes + 1)
    expect(mistakes.at(-1)).toBe('… and 19,900 more')
  })

  test('targets beyond a limit are one mistake', async () => {
    expect(await ofJson({ targets: Array(configLimits.targets + 1).fill({}) })).toEqual([
      'PROBE_CONFIG: targets: must have at most 1000 entries, got 1001'
    ])
  })
})

describe('a target', () => {
  test('may be the private link as Zilliz Cloud prints it', async () => {
    const targets = [
      `https://${host}:19531`,
      `HTTPS://${host}:19532/`,
      `in01-1.gcp-us-west1.vectordb.zillizcloud.com:443`
    ]
    const { config } = await readConfig({ json: JSON.stringify({ targets }) })
    const label = host.split('.')[0]
    expect(config.targets).toEqual([
      {
        name: `probe/aws-us-west-2/${label}-19531`,
        environment: 'probe',
        cloud: 'aws',
        region: 'us-west-2',
        host,
        port: 19531
      },
      {
        name: `probe/aws-us-west-2/${label}-19532`,
        environment: 'probe',
        cloud: 'aws',
        region: 'us-west-2',
        host,
        port: 19532
      },
      {
        name: 'probe/gcp-us-west1/in01-1-443',
        environment: 'probe',
        cloud: 'gcp',
        region: 'us-west1',
        host: 'in01-1.gcp-us-west1.vectordb.zillizcloud.com',
        port: 443
      }
    ])
  })

  test('that is another text is refused in words about private links', async () => {
    expect(await ofJson({ targets: ['https://example.com', `http://${host}:1`, `https://root:pw@${host}:1`] })).toEqual(
      [
        `PROBE_CONFIG: targets[0]: must be <cluster>.<cloud>-<region>.vectordb.zillizcloud.com:<port> or <project>.<cloud>-<region>.api.zillizcloud.com, got "https://example.com". Copy the private link from the cluster's page.`,
        `PROBE_CONFIG: targets[1]: must be reached by https, got "http://${host}:1". Zilliz Cloud accepts TLS only.`,
        'PROBE_CONFIG: targets[2]: has a user name in it. Give host:port alone.'
      ]
    )
  })

  test.for([undefined, 'azure', 5])('on the cloud %j has everything reported that it lacks on any', async cloud => {
    const is =
      cloud === undefined
        ? 'is missing. Choose "aws" or "gcp".'
        : `must be "aws" or "gcp", got ${JSON.stringify(cloud)}`
    const { name, host } = gcpTarget
    expect(await ofJson({ targets: [{ cloud, name, host, prot: 19531, vpcId: 'x' }] })).toEqual([
      `PROBE_CONFIG: targets[0].cloud: ${is}`,
      'PROBE_CONFIG: targets[0].environment: is missing. Give a string.',
      'PROBE_CONFIG: targets[0].region: is missing. Give a string.',
      'PROBE_CONFIG: targets[0].port: is missing. Give a number.',
      'PROBE_CONFIG: targets[0]: unknown key "prot". Did you mean "port"?'
    ])
  })
})

describe('a file of another kind is named', () => {
  const deploy = 'Give the file that a deploy with the option `--outputs-file <file>` wrote.'
  const kinds: readonly (readonly [what: string, content: unknown, line: string])[] = [
    [
      'a Terraform state',
      { version: 4, terraform_version: '1.11.4', serial: 3, lineage: 'x' },
      `is a Terraform state, which may hold secrets. ${deploy}`
    ],
    ['a plan', { format_version: '1.2', planned_values: {} }, `is what \`terraform show -json\` prints. ${deploy}`],
    [
      'the outputs of terraform',
      { probe_config: { sensitive: true, type: 'string', value: '{"targets":[]}' } },
      `is what \`terraform output -json\` prints. ${deploy}`
    ],
    [
      'a manifest',
      { apiVersion: 'v1', kind: 'ConfigMap', data: {} },
      'is a Kubernetes manifest. Give the config that is inside it as a file of its own.'
    ]
  ]

  test.for(kinds)('%s, given as a config or as outputs', async ([, content, line]) => {
    const file = await inFile('other.json', JSON.stringify(content))
    expect(await ofSource({ file })).toEqual([`other.json: ${line}`])
    expect(await ofSource({ outputs: { file, environment: 'prod' } })).toEqual([`other.json: ${line}`])
  })

  test.for<[what: string, content: string, line: string]>([
    ['a config', '{"targets": []}', 'is a config of the probe, not the outputs of a deploy. Give it as --config.'],
    [
      'a text',
      '"<sensitive>"',
      'is plain text, not the outputs of a deploy. Deploy with --outputs-file, which writes JSON.'
    ],
    ...['<sensitive>', '(sensitive value)', '********'].map(
      masked =>
        [
          `masked as ${masked}`,
          JSON.stringify({ prod: { probe_config: masked } }),
          'prod.probe_config: is masked by Terraform. Deploy with --outputs-file and --outputs-file-include-sensitive-outputs.'
        ] as [string, string, string]
    )
  ])('%s, given as outputs', async ([, content, line]) => {
    const file = await inFile('outputs.json', content)
    expect(await ofSource({ outputs: { file, environment: 'prod' } })).toEqual([`outputs.json: ${line}`])
  })
})

describe('what may be a password is in no line', () => {
  const secret = 'hunter2'
  test.for<[what: string, name: string, text: string]>([
    ['basicAuth as a text', 'x.yaml', `targets: []\nlisten:\n  basicAuth: "user:${secret}"`],
    ['basicAuth as a list', 'x.yaml', `targets: []\nlisten:\n  basicAuth: ["user:${secret}"]`],
    ['basicAuth by name', 'x.yaml', `targets: []\nlisten:\n  basicAuth:\n    ${secret}: x`],
    ['basicAuth elsewhere', 'x.yaml', `targets: []\nbasicAuth:\n  password: ${secret}`],
    ['a list around it all', 'x.yaml', `- listen:\n    basicAuth: "user:${secret}"`],
    ['listen as a text', 'x.yaml', `targets: []\nlisten: "user:${secret}@0.0.0.0:9815"`],
    ['a number in its place', 'x.yaml', `targets: []\nlisten: {port: ${secret}}`],
    ['a password where its file should be', 'x.yaml', `targets: {password: ${secret}}`],
    ['a password of a target', 'x.yaml', `targets: [{host: {password: ${secret}}}]`],
    ['a user in a private link', 'x.yaml', `targets: ["https://root:${secret}@${host}:1"]`],
    ['a private key', 'x.yaml', `targets: "-----BEGIN PRIVATE KEY-----${secret}"`],
    ['a text in place of the config', 'x.yaml', secret],
    ['JSON that is malformed there', 'x.json', `{"listen": {"basicAuth": ${secret}`],
    ['JSON that is cut off there', 'x.json', `{"listen": {"basicAuth": "${secret}`],
    ['JSON that is a text', 'x.json', `"${secret}"`],
    ['YAML that is malformed there', 'x.yaml', `listen:\n  basicAuth: @${secret}`],
    ['YAML whose password looks like an alias', 'x.yaml', `listen:\n  basicAuth: *${secret}`],
    ['YAML whose password looks like a tag', 'x.yaml', `listen:\n  basicAuth: !${secret}`],
    ['YAML whose quote is not closed', 'x.yaml', `listen:\n  basicAuth: "user:${secret}\nx: 1`]
  ])('%s', async ([, name, text]) => {
    const mistakes = await ofSource({ file: await inFile(name, text) })
    expect(mistakes).not.toEqual([])
    expect(mistakes.join('\n')).not.toContain(secret)
  })
})

test.for([
  { value: { self: undefined as unknown }, when: 'contains itself' },
  { value: { big: 5n }, when: 'has a big integer' },
  { value: { nan: Number.NaN }, when: 'has what is no number' }
])('a value that $when is shown in a line like any other', async ({ value }) => {
  const { read } = await import('../../../probe/schema/read.ts')
  const { z } = await import('zod')
  if ('self' in value) value.self = value
  expect(read(z.object({ a: z.string() }), { a: value }, 'x')).toEqual({
    mistakes: [expect.stringMatching(/^x: a: must be a string, got \{.{2,40}\}$/)]
  })
})
