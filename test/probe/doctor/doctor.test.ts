import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { symptoms } from '../../../probe/cases/symptoms.ts'
import type { Target } from '../../../probe/target.ts'
import { inDays, makeAuthority } from '../../support/certificates.ts'
import { runDoctor, runDoctorWith, startDoctor } from '../../support/doctor.ts'
import { startEndpoint, startTcpServer } from '../../support/endpoint.ts'
import { awsTarget, endpointName, host } from '../../support/evidence.ts'
import { a, cname, nxdomain, type Script, type ScriptedResolver, soa, startResolver } from '../../support/resolver.ts'

const parent = 'vectordb.zillizcloud.com'
const authority = await makeAuthority()
const good = await authority.issue([host])

/** The resolver of a VPC in which the host is an alias of the endpoint. */
const vpc: Script = ({ name, type }) => {
  if (type === 'SOA') return nxdomain(soa('zillizcloud.com', 'ns-1.awsdns-01.org'))
  const addresses = type === 'A' ? [a(endpointName, '127.0.0.1')] : []
  return { answers: name === host ? [cname(host, endpointName), ...addresses] : addresses }
}
const zoneNotVisible: Script = () => nxdomain(soa('zillizcloud.com', 'ns-1.awsdns-01.org'))
const recordMissing: Script = () => nxdomain(soa(parent))

let directory: string
let ca: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'doctor-'))
  ca = join(directory, 'ca.pem')
  await writeFile(ca, authority.cert)
})
afterAll(() => rm(directory, { recursive: true }))

const at = ({ resolver }: ScriptedResolver) => ['--resolver', `127.0.0.1:${resolver.port}`]
/** What was printed, with lines that were wrapped in one. */
const unwrapped = (printed: string) => printed.replaceAll(/\n {2,}/g, ' ')
const link = (port = 19531) => `https://${host}:${port}`

async function withConfig(...targets: readonly Partial<Target>[]): Promise<string[]> {
  const file = join(directory, `${crypto.randomUUID()}.json`)
  const config = { targets: targets.map(target => ({ ...awsTarget, ...target })), caFile: ca, allowLoopback: true }
  await writeFile(file, JSON.stringify(config))
  return ['--config', file]
}

describe('the doctor says', () => {
  test('that all is well, layer by layer', async () => {
    await using endpoint = await startEndpoint(good)
    await using resolver = await startResolver(vpc)
    const { code, stdout, stderr } = await runDoctor(...at(resolver), ...(await withConfig({ port: endpoint.port })))
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toContain(`✔ resolver 127.0.0.1:${resolver.resolver.port}  127.0.0.1 (TTL 60 s)`)
    expect(unwrapped(stdout)).toContain(`${host} is an alias of ${endpointName} (TTL 60 s)`)
    expect(stdout).toContain(`✔ 127.0.0.1  port ${endpoint.port} connects`)
    expect(stdout).toContain('✔ 127.0.0.1  TLSv1.3 for h2')
    expect(stdout).toMatch(/valid until \d{4}-\d\d-\d\d \(8[89] days left\)/)
    expect(stdout).toContain('✔ 127.0.0.1  status 400 over h2, so the cluster answers')
    expect(stdout).toContain('✔ Healthy (case healthy)\n  Zilliz Cloud answers over the private link.')
  })

  test('"Name or service not known" for a zone that is not visible, and how to associate it', async () => {
    await using resolver = await startResolver(zoneNotVisible)
    const { code, stdout } = await runDoctor(link(), ...at(resolver))
    expect(code).toBe(1)
    expect(unwrapped(stdout)).toContain('no such name (NXDOMAIN), from the public zone zillizcloud.com')
    expect(stdout).toContain('Not reached: TCP, TLS, Application')
    expect(stdout).toContain('✘ Failing: "Name or service not known" (case zone-not-visible)')
    expect(stdout).toContain('VPCRegion=us-west-2,VPCId=<vpc-id>')
    expect(unwrapped(stdout)).toContain('Replace each <…> with your own value.')
  })

  test('"Name or service not known" for a record that is missing, with the ids of the config', async () => {
    await using resolver = await startResolver(recordMissing)
    const config = await withConfig({ hostedZoneId: 'Z0123456789ABCDEFGHIJ' } as Partial<Target>)
    const { code, stdout } = await runDoctor(...at(resolver), ...config)
    expect(code).toBe(1)
    expect(unwrapped(stdout)).toContain(`from the private zone ${parent}`)
    expect(stdout).toContain('(case record-missing)')
    expect(stdout).toContain('--hosted-zone-id Z0123456789ABCDEFGHIJ')
    expect(stdout).toContain(`Also found: ${parent} (finding parent-zone)`)
  })

  test('which misspelt record answers', async () => {
    await using resolver = await startResolver(query =>
      query.name === `${host}.${parent}` ? { answers: [a(query.name, '127.0.0.1')] } : recordMissing(query)
    )
    const { stdout } = await runDoctor(link(), ...at(resolver))
    expect(unwrapped(stdout)).toContain(`but ${host}.${parent} answers: the record's name has the zone's name twice`)
    expect(stdout).toContain('(case record-name-malformed)')
  })

  test('that it runs in a pod, and what to check in Kubernetes; and neither on another machine', async () => {
    await using resolver = await startResolver(zoneNotVisible)
    const inPod = await runDoctorWith({ KUBERNETES_SERVICE_HOST: '10.96.0.1' }, link(), ...at(resolver))
    expect(inPod.code).toBe(1)
    expect(inPod.stdout).toMatch(/^From pod \S+ in (namespace \S+ of )?Kubernetes$/m)
    expect(inPod.stdout).toContain('kubectl get configmaps --namespace kube-system coredns node-local-dns kube-dns')
    expect(inPod.stdout).toContain('kubectl debug --namespace <clients-namespace> <clients-pod>')
    const outside = await runDoctorWith({ KUBERNETES_SERVICE_HOST: '' }, link(), ...at(resolver))
    expect(outside.code).toBe(1)
    expect(outside.stdout).not.toMatch(/From |kubectl/)
  })

  test('"Temporary failure in name resolution" for a silent resolver', async () => {
    await using resolver = await startResolver(() => 'drop')
    const { code, stdout } = await runDoctor(link(), ...at(resolver))
    expect(code).toBe(1)
    expect(stdout).toMatch(/no answer to \d queries {2}10\.\d s/)
    expect(stdout).toContain('✘ Failing: "Temporary failure in name resolution" (case resolver-silent)')
  })

  test('"Connection timed out" for a server that does not shake hands', async () => {
    await using endpoint = await startTcpServer(() => {})
    await using resolver = await startResolver(vpc)
    const { code, stdout } = await runDoctor(...at(resolver), ...(await withConfig({ port: endpoint.port })))
    expect(code).toBe(1)
    expect(stdout).toMatch(/✘ 127\.0\.0\.1 {2}no answer to the first message {2}10\.\d s/)
    expect(stdout).toContain('✘ Failing: "Connection timed out" (case tls-silent)')
  })

  test('"Connection refused" where nothing listens', async () => {
    await using endpoint = await startTcpServer(() => {})
    await using resolver = await startResolver(vpc)
    await endpoint[Symbol.asyncDispose]()
    const { code, stdout } = await runDoctor(...at(resolver), ...(await withConfig({ port: endpoint.port })))
    expect(code).toBe(1)
    expect(stdout).toContain(`✘ 127.0.0.1  port ${endpoint.port} refuses the connection`)
  })

  test('since when a certificate is expired', async () => {
    await using endpoint = await startEndpoint(await authority.issue([host], { from: inDays(-90), to: inDays(-3) }))
    await using resolver = await startResolver(vpc)
    const { code, stdout } = await runDoctor(...at(resolver), ...(await withConfig({ port: endpoint.port })))
    expect(code).toBe(1)
    expect(stdout).toMatch(/expired on \d{4}-\d\d-\d\d, 3 days ago/)
    expect(stdout).toContain('✘ Failing: "Certificate verify failed" (case certificate-expired)')
  })

  test('who signed a certificate that nobody trusts', async () => {
    const proxy = await makeAuthority('Inspecting Proxy')
    await using endpoint = await startEndpoint(await proxy.issue([host]))
    await using resolver = await startResolver(vpc)
    const { stdout } = await runDoctor(...at(resolver), ...(await withConfig({ port: endpoint.port })))
    expect(unwrapped(stdout)).toContain(
      'signed by CN=Inspecting Proxy, which this machine does not trust (UNABLE_TO_VERIFY_LEAF_SIGNATURE)'
    )
  })

  test('what each of several resolvers sees', async () => {
    await using endpoint = await startEndpoint(good)
    await using one = await startResolver(vpc)
    await using other = await startResolver(zoneNotVisible)
    const config = await withConfig({ port: endpoint.port })
    const { code, stdout } = await runDoctor(...at(one), ...at(other), ...config)
    expect(code).toBe(0)
    expect(stdout).toContain(`✔ resolver 127.0.0.1:${one.resolver.port}`)
    expect(stdout).toContain(`✘ resolver-2 127.0.0.1:${other.resolver.port}`)
    expect(stdout).toContain(`Also found: resolver-2 (finding resolver-without-answer)`)
  })

  test('that it cannot tell, when the clock of this machine and that of the server differ', async () => {
    const date = new Date(Date.now() + 3_600_000).toUTCString()
    const fresh = await authority.issue([host], { from: new Date(Date.now() + 1_800_000), to: inDays(90) })
    await using endpoint = await startEndpoint(fresh, { headers: { date } })
    await using resolver = await startResolver(vpc)
    const { code, stdout } = await runDoctor(...at(resolver), ...(await withConfig({ port: endpoint.port })))
    expect(code).toBe(2)
    expect(stdout).toContain('! No verdict: the fault may be on this machine (impairment clock-skew)')
  })

  test('"Healthy", whatever the clock of the server, where no date decides', async () => {
    const date = new Date(Date.now() + 3_600_000).toUTCString()
    await using endpoint = await startEndpoint(good, { headers: { date } })
    await using resolver = await startResolver(vpc)
    const { code } = await runDoctor(...at(resolver), ...(await withConfig({ port: endpoint.port })))
    expect(code).toBe(0)
  })

  test('two ports of one host, both healthy', async () => {
    await using one = await startEndpoint(good)
    await using other = await startEndpoint(good)
    await using resolver = await startResolver(vpc)
    const config = await withConfig({ port: one.port }, { port: other.port, name: 'prod/search/other' })
    const { code, stdout } = await runDoctor(...at(resolver), ...config)
    expect([code, stdout.match(/✔ Healthy/g)?.length]).toEqual([0, 2])
  })

  test('two private links of one cluster, of which one is refused', async () => {
    await using endpoint = await startEndpoint(good)
    await using resolver = await startResolver(vpc)
    const links = [endpoint.port, 1].map(port => `https://${host}:${port}`)
    const { code, stdout } = await runDoctor(...links, ...at(resolver), '--ca', ca, '--allow-loopback', '--json')
    const received = stdout
      .trim()
      .split('\n')
      .map(line => JSON.parse(line).case)
    expect([code, received]).toEqual([1, ['healthy', 'connection-refused']])
  })

  test('"Service error", though the clocks of this machine and of the server differ', async () => {
    const date = new Date(Date.now() + 120_000).toUTCString()
    await using endpoint = await startEndpoint(good, { status: 503, headers: { date } })
    await using resolver = await startResolver(vpc)
    const { code, stdout } = await runDoctor(...at(resolver), ...(await withConfig({ port: endpoint.port })))
    expect(code).toBe(1)
    expect(stdout).toContain('✘ Failing: "Service error" (case service-error)')
    expect(stdout).not.toContain('clock-skew')
  })

  test('nothing that a terminal would obey', async () => {
    const evil = 'vpce\u001b[31m\n.us-west-2.vpce.amazonaws.com'
    await using resolver = await startResolver(({ type }) =>
      type === 'A'
        ? { header: { rcode: 3 }, answers: [cname(host, evil)], authorities: [soa('amazonaws.com', 'ns.example')] }
        : nxdomain(soa('zillizcloud.com'))
    )
    const { stdout } = await runDoctor(link(), ...at(resolver))
    expect(unwrapped(stdout)).toContain(`${host} is an alias of vpce\\027[31m\\010.us-west-2.vpce.amazonaws.com`)
    expect(stdout).toContain('(case dangling-cname)')
  })
})

describe('the doctor looks', () => {
  test('at each target of a config, and the worst decides', async () => {
    await using endpoint = await startEndpoint(good)
    await using resolver = await startResolver(query =>
      query.name.startsWith('in01-other') ? zoneNotVisible(query) : vpc(query)
    )
    const other = { name: 'prod/search/in01-other', host: host.replace(/^[^.]*/, 'in01-other'), environment: 'prod' }
    const config = await withConfig({ port: endpoint.port }, other)
    const all = await runDoctor(...at(resolver), ...config)
    expect(all.code).toBe(1)
    expect(all.stdout).toContain('(case healthy)')
    expect(all.stdout).toContain('(case zone-not-visible)')

    const one = await runDoctor(...at(resolver), ...config, '--target', awsTarget.name)
    expect(one.code).toBe(0)
    expect(one.stdout).not.toContain('in01-other')

    const linked = await runDoctor(...at(resolver), ...config, '--target', `https://${host}:${endpoint.port}`)
    expect(linked.code).toBe(0)
    expect(linked.stdout).not.toContain('in01-other')

    const none = await runDoctor(...at(resolver), ...config, '--target', 'a/b/c')
    expect(none.code).toBe(2)
    expect(none.stderr).toBe(
      `doctor: --target: no target has that name, got "a/b/c". Choose ${awsTarget.name} or ${other.name}.\n`
    )
  })

  test('at what a deploy put out, and takes its ids', async () => {
    await using resolver = await startResolver(recordMissing)
    const target = { ...awsTarget, hostedZoneId: 'Z0123456789ABCDEFGHIJ' }
    const file = join(directory, 'outputs.json')
    await writeFile(file, JSON.stringify({ prod: { probe_config: JSON.stringify({ targets: [target] }) } }))
    const outputs = ['--outputs', file, '--environment']
    const { code, stdout } = await runDoctor(...at(resolver), ...outputs, 'prod')
    expect({ code, names: stdout.includes('--hosted-zone-id Z0123456789ABCDEFGHIJ') }).toEqual({ code: 1, names: true })
    expect((await runDoctor(...at(resolver), ...outputs, 'dev')).stderr).toBe(
      `doctor: ${file}: has no probe_config of environment "dev". Choose prod with --environment.\n`
    )
  })

  test('for programs: one JSON object on a line', async () => {
    await using resolver = await startResolver(recordMissing)
    const { code, stdout } = await runDoctor(link(), ...at(resolver), '--json')
    expect(code).toBe(1)
    expect(stdout.trimEnd()).not.toContain('\n')
    const { observations, findings, ...rest } = JSON.parse(stdout)
    expect(rest).toMatchObject({
      target: { cloud: 'aws', region: 'us-west-2', host, port: 19531 },
      state: 'failing',
      symptom: 'name_or_service_not_known',
      case: 'record-missing',
      severity: 'critical',
      layer: 'dns',
      impairments: []
    })
    expect(symptoms).toContain(rest.symptom)
    expect(rest.remedy[0]).toEqual({ do: expect.any(String), run: expect.any(String) })
    expect(findings).toMatchObject([{ finding: 'parent-zone', severity: 'info', about: [parent] }])
    expect(observations.resolvers[0].a).toMatchObject({ kind: 'nxdomain', soa: { zone: parent } })
    expect(Object.keys(observations)).not.toContain('traits')
  })
})

describe('the doctor refuses, with one line that says what was given and what to do,', () => {
  const domain = 'vectordb.zillizcloud.com'
  test.for([
    [[], 'give one of private links as Zilliz Cloud prints them, --config, or --outputs. See --help.'],
    [
      [link(), '--config', 'x'],
      'give one of private links as Zilliz Cloud prints them, --config, or --outputs. See --help.'
    ],
    [
      ['nonsense'],
      `the private link must be <cluster>.<cloud>-<region>.${domain}:<port> or <project>.<cloud>-<region>.api.zillizcloud.com, got "nonsense". Copy the private link from the cluster's page.`
    ],
    [['a\u001b[2J\nb'], `the private link must not hold spaces, got "a\\u001b[2J\\nb". Remove them.`],
    [
      [host],
      `the private link has no port, got "${host}". Append the one that Zilliz Cloud shows at the end of the private link.`
    ],
    [
      [`${host}:0`],
      `the private link must end in a port from 1 to 65535, got "${host}:0". Zilliz Cloud shows it at the end of the private link.`
    ],
    [
      [`http://${host}:1`],
      `the private link must be reached by https, got "http://${host}:1". Zilliz Cloud accepts TLS only.`
    ],
    [
      [`${host}:1/path`],
      `the private link must be host:port and nothing behind it, got "${host}:1/path". Remove the path.`
    ],
    [
      [link(), '--resolver', 'vpc'],
      'the resolver is not an address, got "vpc". Give 10.0.0.2, 10.0.0.2:53, fd00::2 or [fd00::2]:53.'
    ],
    [
      [link(), '--resolver', '[::1]:0'],
      'the resolver has no port from 1 to 65535, got "[::1]:0". Omit it to query port 53.'
    ],
    [
      [link(), '--ca', '/nowhere'],
      'caFile: /nowhere: cannot be read (ENOENT). Check that it exists and that the user may read it.'
    ],
    [
      [link(), '--ca', doctorTestFile()],
      `caFile: ${doctorTestFile()}: holds no certificate in PEM. Convert one in DER: openssl x509 -inform der.`
    ]
  ] as const)('%j', async ([words, line]) => {
    expect(await runDoctor(...words)).toEqual({ code: 2, stdout: '', stderr: `doctor: ${line}\n` })
  })

  test('every private link that has a mistake', async () => {
    const { code, stderr } = await runDoctor('nonsense', link(), `${host}:0`)
    expect([code, stderr.split('\n')]).toEqual([
      2,
      [
        expect.stringMatching(/^doctor: the private link must be .+, got "nonsense"\. /),
        expect.stringMatching(/^doctor: the private link must end in a port from 1 to 65535, got /),
        ''
      ]
    ])
  })

  test('an option that it does not have', async () => {
    const { code, stdout, stderr } = await runDoctor('--jsn')
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain("unknown option '--jsn'")
  })
})

function doctorTestFile(): string {
  return import.meta.filename
}

test('it ends without a word where nobody reads on', async () => {
  const { child, ended } = startDoctor('--help')
  child.stdout.destroy()
  expect([await text(child.stderr), await ended]).toEqual(['', 2])
})
