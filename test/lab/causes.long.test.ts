import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterAll, beforeAll, describe, expect, vi } from 'vitest'
import { z } from 'zod'
import { generated } from '../../dashboards/generated.ts'
import { settings } from '../../dashboards/settings.ts'
import { clouds } from '../../probe/clouds.ts'
import { runDoctorIn } from '../support/doctor.ts'
import { startMoto } from '../support/moto.ts'
import { startProbe } from '../support/probe.ts'
import { testRules } from '../support/promtool.ts'
import { testWith } from '../support/test-with.ts'
import { type Fault, faults } from './faults.ts'
import { type Lab, labTools, openLab } from './lab.ts'
import { host, places, port } from './state.ts'

vi.setConfig({ testTimeout: 120_000 })

const test = testWith(...labTools, 'moto', 'promtool')

/** What was printed, but for the moment, how long things took, what moto makes at random, and where lines end. */
const untimed = (printed: string) =>
  printed
    .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC/g, 'now')
    .replaceAll(/\d[\d.]* m?s$/gm, 'a while')
    .replaceAll(/\b(sgr?|vpce?|eni|subnet|acl|rtb)-[0-9a-f]{8,17}\b/g, '$1-…')
    .replaceAll(/\bZ[0-9A-Z]{15,}\b/g, 'Z…')
    .replaceAll(/\b10\.20\.1\.\d+\b/g, '10.20.1.…')
    .replaceAll(/\s+/g, ' ')
const page = untimed(await readFile('probe/guides/diagnose.md', 'utf8'))

/** Packets are dropped, and the configuration of the cloud says why: both are real but for the cloud, which moto plays. */
describe('from case to cause, in the lab with the API of AWS beside it:', () => {
  let lab: Lab | undefined
  let stopMoto: (() => Promise<void>) | undefined
  let directory = ''
  const inClient = () => ['ip', 'netns', 'exec', lab?.client.name ?? '']

  beforeAll(async () => {
    lab = await openLab()
    directory = await mkdtemp(join(tmpdir(), 'causes-lab-'))
    await writeFile(join(directory, 'ca.pem'), lab.ca)
    const moto = await startMoto(inClient())
    stopMoto = moto.stop
    vi.stubEnv('AWS_ENDPOINT_URL', moto.url)
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'testing')
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'testing')
    vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true')
  }, 90_000)
  afterAll(async () => {
    vi.unstubAllEnvs()
    await stopMoto?.()
    await lab?.[Symbol.asyncDispose]()
    await rm(directory, { recursive: true, force: true })
  }, 60_000)

  /** Makes the link in the cloud and the fault in the network. */
  async function given(name: Fault['name'], ...change: readonly string[]) {
    const [program = '', ...words] = [...inClient(), process.execPath, 'test/lab/aws-world-process.ts', ...change]
    const { stdout } = await execa(program, words)
    const fault = faults.find(each => each.name === name)
    if (lab === undefined || fault === undefined) throw new Error(`the lab has no fault "${name}"`)
    await lab.heal()
    await lab.set(fault.set(lab.state, lab.identities))
    // The endpoint of the lab has a name and addresses of its own.
    const { endpointDnsName: _, ...target } = clouds.aws.target.parse(JSON.parse(stdout))
    const config = join(directory, `${crypto.randomUUID()}.json`)
    await writeFile(
      config,
      JSON.stringify({ targets: [target], caFile: join(directory, 'ca.pem'), cloudFacts: true, libcIntervalSeconds: 1 })
    )
    return { config, target }
  }
  const silence = "the endpoint's security group lets nobody in, or it was not accepted"

  test('doctor --cloud says which security group is closed, and marks every other candidate', async () => {
    const { config, target } = await given(silence, 'closed')
    const { code, stdout } = await runDoctorIn(lab?.client.name ?? '', '--config', config, '--cloud')
    expect(code).toBe(1)
    const cause = `security group ${target.securityGroupId} has no inbound rule for TCP ${port} from ${places.client}`
    expect(stdout.replaceAll('\n  ', ' ')).toContain(`(case no-answer-to-syn) Cause: S${cause.slice(1)}.`)
    expect(stdout).toContain('Causes checked in the configuration of AWS')
    expect(stdout).toContain('✘ confirmed: ')
    expect(stdout).toContain('✔ ruled out: ')
    const from = (words: string) => stdout.slice(stdout.indexOf(words))
    const [verdict = ''] = from('✘ Failing: "Connection timed out"').split('\nEvidence\n')
    const [configuration = '', next] = from('Causes checked in the configuration').split('\nNext\n')
    expect(page).toContain(untimed(verdict.trimEnd()))
    expect(page).toContain(untimed(configuration.trimEnd()))
    expect(next).toContain('--watch')
  })

  test('doctor --cloud rules the group out where another thing drops the packets', async () => {
    const { config } = await given(silence)
    const { stdout } = await runDoctorIn(lab?.client.name ?? '', '--config', config, '--cloud', '--json')
    const { cause, cloud } = z
      .looseObject({
        cause: z.unknown().optional(),
        cloud: z.object({ causes: z.array(z.looseObject({ id: z.string(), ruling: z.string() })) })
      })
      .parse(JSON.parse(stdout))
    expect(cause).toBeUndefined()
    expect(cloud.causes.filter(({ ruling }) => ruling === 'confirmed')).toEqual([])
    expect(cloud.causes.filter(({ ruling }) => ruling === 'ruled-out').length).toBeGreaterThan(3)
  })

  test('the probe has the cause on its page, in its API, log and metrics, and the alert has it in its text', async () => {
    const { config, target } = await given(silence, 'closed')
    const probe = startProbe(['--config', config, '--port', '0'], { through: inClient() })
    const found = await probe.logged('cause confirmed')
    expect(found).toMatchObject({ target: target.name, case: 'no-answer-to-syn' })
    const url = await probe.url()
    const ask = async (path: string) => {
      const [program = '', ...words] = [...inClient(), 'curl', '--silent', '--fail', `${url}${path}`]
      return (await execa(program, words)).stdout
    }
    const proof = `security group ${target.securityGroupId} has no inbound rule for TCP ${port} from ${places.client}`
    expect(await ask(`/?target=${target.name}`)).toContain(`S${proof.slice(1)}.`)
    const detail = z
      .looseObject({ cause: z.object({ id: z.string(), proof: z.string() }) })
      .parse(JSON.parse(await ask(`/api/targets/${target.name}`)))
    expect(detail.cause).toMatchObject({ id: found.cause, proof })

    await expect
      .poll(async () => (await ask('/metrics')).includes('privatelink_confirmed_case{'), {
        timeout: 60_000,
        interval: 500
      })
      .toBe(true)
    // The alert over the probe's own series.
    const series = Object.fromEntries(
      (await ask('/metrics'))
        .split('\n')
        .filter(line => /^privatelink_(cause|confirmed_case|target_info)\{/.test(line))
        .map(line => {
          const [labels = '', value = ''] = line.split(/(?<=\}) /)
          return [labels.replace('{', '{job="privatelink",instance="a",'), `${value}x5`]
        })
    )
    expect(Object.keys(series).join('\n')).toContain(`cause="${detail.cause.id}"`)
    const text = await testRules({
      rules: generated(settings)['generated/rules.yaml'] ?? '',
      stepSeconds: 10,
      series,
      alerts: [{ at: '50s', alert: 'PrivateLinkTimeout', alerts: [] }]
    })
    expect(text).toContain(`cause="${detail.cause.id}"`)
    expect(text).toContain(`${host}`)
  })
})
