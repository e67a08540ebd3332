import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { execa } from 'execa'
import { makeAuthority } from '../support/certificates.ts'
import { startEndpoint } from '../support/endpoint.ts'
import { awsTarget, endpointName, host } from '../support/evidence.ts'
import { a, cname, nxdomain, soa, startResolver } from '../support/resolver.ts'

/**
 * Builds the executable of doctor, and runs it without this project, without Node on the PATH and against servers on loopback. It takes
 * longer than a test may, so it is not in the tests.
 */
const { stdout: built } = await execa(process.execPath, [join(import.meta.dirname, '../../probe/executable/build.ts')])
const executable = built.trim()
const directory = await mkdtemp(join(tmpdir(), 'executable-'))
const run = (...words: readonly string[]) =>
  execa(executable, words, {
    cwd: directory,
    env: { PATH: '/nowhere', NO_COLOR: '1' },
    extendEnv: false,
    reject: false
  })

try {
  const authority = await makeAuthority()
  await using endpoint = await startEndpoint(await authority.issue([host]))
  await using resolver = await startResolver(({ name, type }) => {
    if (type === 'SOA') return nxdomain(soa('zillizcloud.com', 'ns-1.awsdns-01.org'))
    const addresses = type === 'A' ? [a(endpointName, '127.0.0.1')] : []
    return { answers: name === host ? [cname(host, endpointName), ...addresses] : addresses }
  })
  const [ca, config] = [join(directory, 'ca.pem'), join(directory, 'config.yaml')]
  await writeFile(ca, authority.cert)
  const target = { ...awsTarget, port: endpoint.port }
  await writeFile(config, JSON.stringify({ targets: [target], caFile: ca, allowLoopback: true }))

  const healthy = await run('--config', config, '--resolver', `127.0.0.1:${resolver.resolver.port}`)
  assert.equal(healthy.exitCode, 0, healthy.all ?? healthy.stdout + healthy.stderr)
  assert.match(healthy.stdout, /✔ Healthy \(case healthy\)/)
  assert.equal(healthy.stderr, '')

  // Without --resolver it asks libc as well, in a process of its own, and of its own file.
  const byLibc = JSON.parse((await run(`https://${host}:19531`, '--json')).stdout)
  assert.equal(byLibc.observations.libc?.layer, 'dns')
  assert.notEqual(byLibc.observations.libc?.kind, 'crashed')

  // The clients of the clouds are in it.
  const asked = JSON.parse((await run(`https://${host}:19531`, '--json', '--cloud')).stdout)
  assert.equal(asked.cloud?.notAsked, undefined)
  assert.ok(asked.cloud.causes.length > 0 || asked.state === 'healthy', JSON.stringify(asked.cloud))

  const wrong = await run('nonsense')
  assert.equal(wrong.exitCode, 2)
  assert.match(wrong.stderr, /^doctor: the private link must be .*\n?$/)

  const help = await run('--help')
  assert.ok(help.stdout.startsWith(`Usage: ${executable} [options]`), help.stdout)
  console.log(`${basename(executable)} works`)
} finally {
  await rm(directory, { recursive: true })
}
