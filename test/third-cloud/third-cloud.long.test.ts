import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { openTerraform } from '../standin/terraform.ts'
import { makeAuthority } from '../support/certificates.ts'
import { startEndpoint } from '../support/endpoint.ts'
import { startProbe } from '../support/probe.ts'
import { testRules } from '../support/promtool.ts'
import { a, nxdomain, type Script, soa, startResolver } from '../support/resolver.ts'
import { testWith } from '../support/test-with.ts'
import { type Copy, copyWithNimbus } from './copy.ts'

const host = 'in01-0c1d2e3f4a5b6c7-privatelink.nimbus-north-1.vectordb.zillizcloud.com'
const target = 'prod/texts/in01-0c1d2e3f4a5b6c7'
const steps = [
  'If zilliz-privatelink deployed the link, deploy its environment again. If the link is in your own stack, run `cdktf deploy`. The deploy restores the zone and its field.',
  'Open the zone of the private link to this field.'
]

/** An environment of one link on Nimbus. */
const prod = (port = 19_531, more: object = {}) => ({
  name: 'prod',
  backend: { type: 'local' },
  nimbus: { account: 'search' },
  ribbons: { team: 'search' },
  links: {
    texts: {
      cloud: 'nimbus',
      region: 'north-1',
      field: 'meadow',
      service: 'service-0a1b2c',
      gate: 'zilliz-gate',
      address: '127.0.0.1',
      hosts: [`https://${host}:${port}`],
      zone: 'per-host',
      ...more
    }
  }
})

describe('a third cloud', { timeout: 120_000 }, () => {
  let copy: Copy
  beforeAll(async () => {
    copy = await copyWithNimbus()
  })
  afterAll(() => copy.close())

  /** What Terraform is given for environments, of which the first is deployed; or what is wrong with them. */
  async function synthesize(...environments: readonly object[]): Promise<string> {
    await copy.evaluate(`
      import { writeFileSync } from 'node:fs'
      import { readEnvironments } from './modules/environment/read-environments.ts'
      import { synthesize } from './test/support/synthesize.ts'
      const environments = ${JSON.stringify(environments)}
      try {
        readEnvironments(environments)
        writeFileSync('synthesized.json', await synthesize(environments[0]))
      } catch (error) {
        writeFileSync('synthesized.json', error.message)
      }
    `)
    return copy.read('synthesized.json')
  }

  async function deployed(environment: object) {
    const configuration = await synthesize(environment)
    const terraform = await openTerraform({ configuration, clouds: {} })
    onTestFinished(() => terraform.close())
    await terraform.init()
    return { terraform, applied: await terraform.apply() }
  }

  test('is a folder in each room that knows clouds, its import and its name in the list of that room, and nothing else', () => {
    expect(copy.changes.filter(change => !/^new (probe\/clouds|modules)\/nimbus\//.test(change))).toEqual([
      "probe/clouds.ts: import { nimbus } from './clouds/nimbus/cloud.ts'",
      'probe/clouds.ts: export const clouds = { aws, gcp, nimbus } as const',
      "modules/clouds.ts: import { nimbus } from './nimbus/cloud.ts'",
      'modules/clouds.ts: export const clouds = { aws, gcp, nimbus } as const satisfies Readonly<Record<CloudId, DeployableCloud>>',
      "modules/starters.ts: import { nimbus } from './nimbus/starter.ts'",
      'modules/starters.ts: export const clouds = { aws, gcp, nimbus } as const satisfies Readonly<Record<CloudId, StarterCloud>>'
    ])
  })

  test('compiles, with all rooms and their tests', async () => {
    expect(await copy.run('tsc', '--noEmit')).toEqual({ code: 0, output: '' })
  })

  test('does not compile without one of its remedies, words, permissions, kinds of zones or facts, and the compiler names each', async () => {
    const broken: readonly (readonly [file: string, without: RegExp, says: string])[] = [
      ['probe/clouds/nimbus/remedies.ts', / {2}'dns-tcp-blocked': .*\n/, `'"dns-tcp-blocked"' is missing`],
      ['probe/clouds/nimbus/steps.ts', /export const ownResolver.*\n/, "'ownResolver' is missing"],
      ['probe/clouds/nimbus/cloud.ts', / {2}timeServer.*\n/, "'timeServer' is missing"],
      ['modules/nimbus/cloud.ts', /probe: 'probe.json', /, "'probe' is missing"],
      ['modules/nimbus/link.ts', / {4}case 'none':\n {6}return \[\]\n/, 'Function lacks ending return statement']
    ]
    const texts = await Promise.all(broken.map(([file]) => copy.read(file)))
    onTestFinished(async () => {
      for (const [index, [file]] of broken.entries()) await writeFile(join(copy.directory, file), texts[index] ?? '')
    })
    for (const [index, [file, without]] of broken.entries()) {
      expect(texts[index], file).toMatch(without)
      await writeFile(join(copy.directory, file), texts[index]?.replace(without, '') ?? '')
    }
    const project = { extends: './tsconfig.json', include: ['probe/clouds/nimbus', 'modules/nimbus'] }
    await writeFile(join(copy.directory, 'tsconfig.nimbus.json'), JSON.stringify(project))
    const { output } = await copy.run('tsc', '--noEmit', '--project', 'tsconfig.nimbus.json')
    for (const [, , says] of broken) expect(output).toContain(says)
  })

  test('is read from a host, and has a remedy for all but health', async () => {
    const told = await copy.evaluate(`
      import { catalogue } from './probe/cases/catalogue.ts'
      import { findings } from './probe/cases/findings.ts'
      import { stepsFor } from './probe/words/remedy.ts'
      import { cloudOf } from './probe/clouds.ts'
      import { WrittenTarget } from './probe/target.ts'
      const target = WrittenTarget.parse('https://in01-1.nimbus-north-1.vectordb.zillizcloud.com:443')
      const without = [...catalogue, ...findings].filter(entry => stepsFor(entry, target).length === 0)
      console.log(JSON.stringify({ target, title: cloudOf(target.cloud).title, without: without.map(({ id }) => id) }))
    `)
    expect(JSON.parse(told)).toEqual({
      target: {
        cloud: 'nimbus',
        region: 'north-1',
        name: 'probe/nimbus-north-1/in01-1-443',
        environment: 'probe',
        host: 'in01-1.nimbus-north-1.vectordb.zillizcloud.com',
        port: 443
      },
      title: 'Nimbus',
      without: ['healthy']
    })
  })

  test('passes what is tested on every cloud: cases, remedies, manifests', async () => {
    const files = ['cases/catalogue', 'cases/diagnose.property', 'cases/remedy', 'kubernetes/manifests']
    const { code, output } = await copy.run('vitest', 'run', ...files.map(file => `test/probe/${file}.test.ts`))
    expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' })
    expect(output).toContain('nimbus')
  })

  testWith('terraform')(
    'is deployed, is planned again without change, is changed without replacement, and is destroyed',
    async () => {
      const first = prod()
      const { terraform, applied } = await deployed(first)
      expect(await terraform.validate()).toEqual([])
      expect(applied.errors).toEqual([])
      const kept = (await terraform.state()).map(({ address }) => address.split('.').slice(0, 2).join('.'))
      expect(kept.map(address => address.replace(/_[0-9A-F]{8}$/, ''))).toEqual([
        'terraform_data.texts_gate',
        'terraform_data.texts_host-in01-0c1d2e3f4a5b6c7_record'
      ])
      expect(applied.outputs).toMatchObject({
        register: { texts: { 'Cloud Provider': 'Nimbus', Region: 'north-1', Gate: 'zilliz-gate' } },
        endpoint_ids: { texts: { id: 'zilliz-gate' } },
        links: { texts: { connection_status: 'open', addresses: ['127.0.0.1'] } }
      })
      expect((await terraform.plan()).changes).toEqual([])

      const image = 'registry.example/privatelink-probe:1.0.0'
      await terraform.replaceConfiguration(await synthesize(prod(19_531, { probe: { image } })))
      const { changes } = await terraform.plan()
      expect(changes.map(({ actions }) => actions)).toEqual([['create']])
      const { outputs } = await terraform.apply()
      expect(outputs.scrape_configs).toContain('texts.probe.nimbus.example:9815')
      expect((await terraform.plan()).changes).toEqual([])
      expect((await terraform.destroy()).errors).toEqual([])
      expect(await terraform.state()).toEqual([])
    }
  )

  test('takes part in finding mistakes and conflicts before a deploy', async () => {
    const other = { ...prod(), name: 'dev', backend: { type: 'local', path: 'dev.tfstate' } }
    expect(await synthesize(prod(), other)).toBe(
      [
        'dev: links.texts: owns the gate zilliz-gate in north-1, and so does prod: links.texts. Give one of them another.',
        `dev: links.texts: owns the private zone ${host} on meadow, and so does prod: links.texts. Let one of them make it, and give the other zone: 'existing'.`
      ].join('\n')
    )
    expect(await synthesize(prod(19_531, { zone: 'existing', region: 'nimbus-north-1' }))).toBe(
      [
        'prod: links.texts.region: must be a Nimbus region such as north-1, got "nimbus-north-1". Copy it from the Nimbus desk.',
        "prod: links.texts.zoneName: is missing. It is required with zone: 'existing'."
      ].join('\n')
    )
    expect(await synthesize({ ...prod(), links: { nimbus: prod().links.texts } })).toContain(
      'must not have a name that the stack itself uses'
    )
  })

  testWith('terraform', 'promtool')(
    'is watched by the probe as it was deployed, and pages, with the case and the remedy of that cloud',
    async () => {
      const authority = await makeAuthority()
      await using endpoint = await startEndpoint(await authority.issue([host]))
      let isOpen = true
      const answer: Script = ({ name, type }) =>
        isOpen && name === host
          ? { answers: type === 'A' ? [a(host, endpoint.address)] : [] }
          : nxdomain(soa('zillizcloud.com', 'ns-1.nimbus.example'))
      await using dns = await startResolver(answer)
      const { applied } = await deployed(prod(endpoint.port))

      const write = async (name: string, text: string) => {
        await writeFile(join(copy.directory, name), text)
        return join(copy.directory, name)
      }
      const config = {
        resolvers: [dns.resolver],
        caFile: await write('ca.pem', authority.cert),
        intervalSeconds: 1,
        // This machine's own libc knows no such name.
        libcIntervalSeconds: 0,
        allowLoopback: true,
        listen: { port: 0 }
      }
      const probe = startProbe(
        [
          ...['--config', await write('config.json', JSON.stringify(config))],
          ...['--outputs', await write('outputs.json', JSON.stringify({ prod: applied.outputs }))],
          ...['--environment', 'prod']
        ],
        { project: copy.directory }
      )
      const url = await probe.url()
      const get = async (path: string) => (await fetch(`${url}${path}`)).text()
      const patience = { timeout: 30_000, interval: 100 }
      const up = (value: number) => `privatelink_up{target="${target}",environment="prod",cloud="nimbus"} ${value}\n`
      await expect.poll(() => get('/metrics'), patience).toContain(up(1))

      isOpen = false
      const confirmed = /^privatelink_confirmed_case\{(.*)\} 1$/m
      await expect.poll(() => get('/metrics'), patience).toMatch(confirmed)
      const page = await get('/metrics')
      expect(page).toContain(up(0))
      const Told = z.looseObject({
        case: z.looseObject({ id: z.string(), remedy: z.array(z.looseObject({ do: z.string() })) })
      })
      const told = Told.parse(JSON.parse(await get(`/api/targets/${target}`)))
      expect(told.case).toMatchObject({
        id: 'zone-not-visible',
        remedy: [
          { do: steps[0], run: 'npm run deploy -- prod' },
          { do: steps[1], run: `nimbus zones open ${host} --field meadow` }
        ]
      })
      expect(await get('/')).toContain(`nimbus zones open ${host} --field meadow`)

      const { code, output } = await copy.run(process.execPath, 'dashboards/generate.ts', '--out', 'written')
      expect({ code, output }).toEqual({ code: 0, output: '' })
      const [, labels = ''] = confirmed.exec(page) ?? []
      const remedy = [
        `1. ${steps[0]}`,
        '   npm run deploy -- prod',
        `2. ${steps[1]}`,
        `   nimbus zones open ${host} --field <field>`
      ].join('\n')
      const meaning =
        'No private zone answers for the host at this resolver, and the public DNS does not know the name. The zone is missing, it is not associated with this network, or the resolver does not use it.'
      const printed = await testRules({
        rules: await copy.read('written/generated/rules.yaml'),
        stepSeconds: 10,
        series: { [`privatelink_confirmed_case{job="privatelink",instance="probe-a",${labels}}`]: '1x12' },
        alerts: [
          {
            at: '1m',
            alert: 'PrivateLinkNameOrServiceNotKnown',
            alerts: [
              {
                labels: {
                  ...{
                    severity: 'critical',
                    symptom: 'name_or_service_not_known',
                    case: 'zone-not-visible',
                    layer: 'dns'
                  },
                  ...{ target, environment: 'prod', cloud: 'nimbus', region: 'north-1', host, port: `${endpoint.port}` }
                },
                annotations: {
                  summary: `${target}: Name or service not known (case zone-not-visible)`,
                  description: `${meaning}\n\n${remedy}`,
                  remedy: `${remedy}\n3. If the probe or the clients run in pods, also follow "In Kubernetes" in the runbook.`,
                  cause: 'not known',
                  seen_from: 'probe-a',
                  runbook_url:
                    'https://app.unpkg.com/zilliz-privatelink@0.1.0/files/dashboards/runbooks/PrivateLinkNameOrServiceNotKnown.md'
                }
              }
            ]
          }
        ]
      })
      expect(printed).toBe('')
    }
  )

  test('is in every reference: options, targets, cases, permissions, manifests, schemas, runbooks, boards', async () => {
    for (const file of [
      'modules/reference/write-reference.ts',
      'probe/reference/write-reference.ts',
      'dashboards/write-boards.ts',
      'dashboards/generate.ts'
    ]) {
      expect(await copy.run(process.execPath, file), file).toEqual({ code: 0, output: '' })
    }
    for (const [file, ...parts] of [
      [
        'modules/README.md',
        '| Nimbus | [Nimbus](reference/nimbus.md) | [probe](nimbus/README.md#the-probe), [import](nimbus/README.md#import-existing-resources)'
      ],
      [
        'modules/reference/environment.md',
        '[Nimbus](nimbus.md)',
        '| `nimbus` | object |  | How the environment reaches Nimbus. |',
        '| `ribbons` | object | none | Ribbons on every Nimbus resource. |'
      ],
      [
        'modules/reference/permissions.md',
        '| what you deploy | on AWS | on Google Cloud | on Nimbus |',
        '[probe-identity.json](../nimbus/permissions/probe-identity.json) |'
      ],
      [
        'modules/reference/nimbus.md',
        '| `account` | string |  | The account that the environment may change. |',
        '| `gate` | string | needed | The name of the gate. |',
        '| `port` | whole number, 1024-65535 | `9815` |'
      ],
      [
        'probe/reference/options.md',
        '## A target on Nimbus\n',
        "| `gateAddress` | string |  | The gate's address. The host must have the same address. |"
      ],
      [
        'probe/reference/cases.md',
        '| case | layer | severity | meaning | on AWS | on Google Cloud | on Nimbus |',
        'Open the hedge for TCP port 53 to the resolver, as well as UDP.'
      ],
      [
        'probe/reference/findings.md',
        '| finding | layer | severity | meaning | on AWS | on Google Cloud | on Nimbus |'
      ],
      ['probe/reference/impairments.md', '169.254.170.123 on Nimbus'],
      [
        'probe/kubernetes/README.md',
        '| [clouds/nimbus/kubernetes/](../clouds/nimbus/kubernetes) | a cluster on Nimbus | 169.254.170.53 |'
      ],
      ['probe/config.schema.json', '"gateAddress"'],
      [
        'dashboards/runbooks/PrivateLinkNameOrServiceNotKnown.md',
        'On Nimbus:\n',
        'nimbus zones open <host> --field <field>'
      ],
      ['dashboards/generated/prometheus-rule.yaml', 'cloud="nimbus"']
    ] as const) {
      const page = await copy.read(file)
      for (const part of parts) expect(page, file).toContain(part)
    }
  })
})
