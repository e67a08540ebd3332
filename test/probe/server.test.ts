import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { get, type IncomingMessage } from 'node:http'
import { request } from 'node:https'
import { type AddressInfo, connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { TLSSocket } from 'node:tls'
import { execa } from 'execa'
import { describe, expect, onTestFinished, test as plain } from 'vitest'
import { z } from 'zod'
import { makeAuthority } from '../support/certificates.ts'
import { awsTarget, gcpTarget, host } from '../support/evidence.ts'
import { type Probe, startProbe } from '../support/probe.ts'
import { startResolver } from '../support/resolver.ts'
import { sentTo } from '../support/sent-to.ts'
import { testWith } from '../support/test-with.ts'

const patience = { timeout: 30_000, interval: 50 }
const nowhere = { name: 'vpc', address: '127.0.0.1', port: 1 }
/** 20,000 unknown keys, and nothing that is needed. */
const unknownKeys = Array.from({ length: 20_000 }, (_, index) => `k${index}: 1\n`).join('')
const quiet = { targets: [], resolvers: [nowhere], libcIntervalSeconds: 0, listen: { port: 0 } }

/** A directory of the test's own, and how to write a file into it. */
async function makeDirectory() {
  const directory = await mkdtemp(join(tmpdir(), 'probe-server-'))
  onTestFinished(() => rm(directory, { recursive: true, force: true }))
  const write = async (name: string, content: unknown) => {
    const file = join(directory, name)
    await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content))
    return file
  }
  return { directory, write }
}

async function targetsOf(probe: Probe): Promise<readonly string[]> {
  const reported = await (await fetch(`${await probe.url()}/api/targets`)).json()
  return z
    .object({ targets: z.array(z.looseObject({ name: z.string() })) })
    .parse(reported)
    .targets.map(({ name }) => name)
}

const metricsOf = async (probe: Probe) => (await fetch(`${await probe.url()}/metrics`)).text()

describe('the probe starts', () => {
  plain('from a file, and no targets are enough to be ready', async () => {
    const { write } = await makeDirectory()
    const probe = startProbe(['--config', await write('config.json', quiet)])
    const url = await probe.url()
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    expect((await fetch(`${url}/readyz`)).status).toBe(200)
    expect(await targetsOf(probe)).toEqual([])
    expect(await metricsOf(probe)).toContain('privatelink_targets 0\n')
  })

  plain('without the HTTP client of Node, which takes 3 MB and is not used', async () => {
    const tell = 'process.on("exit", () => console.error(process.moduleLoadList.join("\\n")))'
    const start = [`--import=data:text/javascript,${encodeURIComponent(tell)}`, 'probe/server.ts', '--schema']
    const { exitCode, stderr } = await execa(process.execPath, start)
    const loaded = stderr.split('\n').filter(name => name.startsWith('NativeModule '))
    expect([exitCode, loaded.includes('NativeModule http2')]).toEqual([0, true])
    expect(loaded.filter(name => name.includes('undici'))).toEqual([])
  })

  plain('from private links alone, as Zilliz Cloud prints them', async () => {
    const probe = startProbe(['--port', '0', `https://${host}:19531`, `${host}:19532`])
    expect(await targetsOf(probe)).toEqual([
      'probe/aws-us-west-2/in01-840ec44485bf25d-privatelink-19531',
      'probe/aws-us-west-2/in01-840ec44485bf25d-privatelink-19532'
    ])
  })

  plain('from a config and private links, which are added to its targets', async () => {
    const { write } = await makeDirectory()
    const config = await write('config.json', { ...quiet, targets: [awsTarget] })
    const probe = startProbe([`https://${host}:19532`, '--config', config])
    expect(await targetsOf(probe)).toEqual([
      awsTarget.name,
      'probe/aws-us-west-2/in01-840ec44485bf25d-privatelink-19532'
    ])
  })

  plain('from private links in the environment alone, separated as people separate them', async () => {
    const PROBE_TARGETS = ` https://${host}:19531, ${host}:19532\nhttps://${host}:19533/ `
    const probe = startProbe(['--port', '0'], { env: { PROBE_TARGETS } })
    expect(await targetsOf(probe)).toEqual(
      [19531, 19532, 19533].map(port => `probe/aws-us-west-2/in01-840ec44485bf25d-privatelink-${port}`)
    )
  })

  plain('from private links in a config, in the environment and on the command line together', async () => {
    const { write } = await makeDirectory()
    const config = await write('config.json', { ...quiet, targets: [awsTarget, `https://${host}:1`] })
    const probe = startProbe(['--config', config, `${host}:2`], { env: { PROBE_TARGETS: `${host}:3` } })
    expect(await targetsOf(probe)).toEqual([
      awsTarget.name,
      ...[1, 2, 3].map(each => `probe/aws-us-west-2/in01-840ec44485bf25d-privatelink-${each}`)
    ])
  })

  plain('not with mistakes, each of which it reports where it is', async () => {
    const { directory, write } = await makeDirectory()
    const config = await write('config.json', { ...quiet, targets: ['https://in01-1.example:1'], intervalSeconds: 0 })
    const { code, stderr } = await startProbe(['--config', config, 'nowhere', `${host}:2`], {
      env: { PROBE_TARGETS: `${host}:3 ${host} http://${host}:4` }
    }).ended
    expect(code).toBe(2)
    expect(stderr.replaceAll(directory, '').split('\n')).toEqual([
      expect.stringMatching(/^probe: \/config\.json: targets\[0\]: must be .+, got "https:\/\/in01-1\.example:1"\. /),
      'probe: /config.json: intervalSeconds: must be at least 1, got 0',
      expect.stringMatching(/^probe: command line: targets\[0\]: must be .+, got "nowhere"\. /),
      expect.stringMatching(/^probe: PROBE_TARGETS: targets\[1\]: has no port, got /),
      expect.stringMatching(/^probe: PROBE_TARGETS: targets\[2\]: must be reached by https, got /),
      ''
    ])
  })

  plain('not with a word that is no private link', async () => {
    const { code, stderr } = await startProbe(['nowhere']).ended
    expect(code).toBe(2)
    expect(stderr).toMatch(/^probe: command line: targets\[0\]: must be .+, got "nowhere"\. .+\n$/)
  })

  plain('from what a deploy put out', async () => {
    const { write } = await makeDirectory()
    const outputs = await write('outputs.json', {
      dev: { probe_config: JSON.stringify({ targets: [gcpTarget] }) },
      prod: { probe_config: JSON.stringify({ targets: [awsTarget] }), links: {} }
    })
    const settings = await write(
      'settings.yaml',
      `resolvers: [{name: vpc, address: 127.0.0.1, port: 1}]\nlisten: {port: 0}\n`
    )
    const probe = startProbe(['--config', settings, '--outputs', outputs, '--environment', 'prod'])
    expect(await targetsOf(probe)).toEqual([awsTarget.name])
    const flagless = startProbe([], {
      env: { PROBE_CONFIG_FILE: settings, PROBE_OUTPUTS_FILE: outputs, PROBE_ENVIRONMENT: 'dev' }
    })
    expect(await targetsOf(flagless)).toEqual([gcpTarget.name])
  })

  plain('from the environment, and listens where it is told to', async () => {
    const probe = startProbe(['--host', '127.0.0.2', '--port', '0'], {
      env: { PROBE_CONFIG: JSON.stringify({ ...quiet, listen: { port: 1 } }) }
    })
    expect(await probe.url()).toMatch(/^http:\/\/127\.0\.0\.2:\d{2,}$/)
  })

  plain(
    'and answers to the names of its config and of the environment, and takes others from the config as they change',
    async () => {
      const { write } = await makeDirectory()
      const config = (names: readonly string[]) => ({ ...quiet, listen: { port: 0, names } })
      const file = await write('config.json', config(['probe.example']))
      const probe = startProbe(['--config', file], { env: { PROBE_NAMES: 'a.example,*.privatelink.internal' } })
      const { port } = new URL(await probe.url())
      const statusUnder = async (name: string) => {
        const headers = { host: `${name}:${port}` }
        const [reply] = await once(
          get({ host: '127.0.0.1', port, path: '/metrics', agent: false, headers }),
          'response'
        )
        reply.resume()
        return reply.statusCode
      }
      for (const name of ['probe.example', 'a.example', 'subnet-1.search.prod.privatelink.internal', '127.0.0.1']) {
        expect(await statusUnder(name), name).toBe(200)
      }
      expect(await statusUnder('b.example')).toBe(421)
      await write('config.json', config(['b.example']))
      await probe.logged('config applied', 2)
      expect(await statusUnder('b.example')).toBe(200)
      expect(await statusUnder('probe.example')).toBe(421)
      expect(await statusUnder('a.example')).toBe(200)
    }
  )

  plain('from the environment, where variables that a manifest leaves empty are as if not set', async () => {
    const PROBE_CONFIG = JSON.stringify({ ...quiet, targets: [awsTarget] })
    const empty = {
      PROBE_CONFIG_FILE: '',
      PROBE_OUTPUTS_FILE: '',
      PROBE_ENVIRONMENT: '',
      PROBE_HOST: '',
      PROBE_PORT: ''
    }
    expect(await targetsOf(startProbe([], { env: { ...empty, PROBE_CONFIG } }))).toEqual([awsTarget.name])
  })
})

plain(
  'the probe exports how many probes there should be as the config says it, and nothing while it does not',
  async () => {
    const { write } = await makeDirectory()
    const file = await write('config.json', { ...quiet, probes: 2 })
    const probe = startProbe(['--config', file])
    const expected = async () => (await metricsOf(probe)).match(/^privatelink_probes_expected .*$/gm)
    expect(await expected()).toEqual(['privatelink_probes_expected 2'])
    await write('config.json', { ...quiet, probes: 3 })
    await probe.logged('config applied', 2)
    expect(await expected()).toEqual(['privatelink_probes_expected 3'])
    await write('config.json', { ...quiet, probes: 0 })
    await probe.logged('config refused')
    expect(await expected()).toEqual(['privatelink_probes_expected 3'])
    await write('config.json', quiet)
    await probe.logged('config applied', 3)
    expect(await expected()).toBeNull()
  }
)

plain("the probe prints its config's JSON Schema, and ends", async () => {
  const { stdout } = await execa(process.execPath, ['probe/server.ts', '--schema'])
  expect(`${stdout}\n`).toBe(await readFile('probe/config.schema.json', 'utf8'))
})

describe('the probe refuses to start, and ends with 2,', () => {
  plain('with every mistake at once', async () => {
    const { ended } = startProbe([], {
      env: {
        PROBE_CONFIG: JSON.stringify({
          ...quiet,
          targets: [{ ...awsTarget, port: 0 }],
          intervalSecond: 1,
          queriesPerSecond: 0
        })
      }
    })
    expect(await ended).toEqual({
      code: 2,
      stderr: [
        'probe: PROBE_CONFIG: targets[0].port: must be at least 1, got 0',
        'probe: PROBE_CONFIG: queriesPerSecond: must be at least 1, got 0',
        'probe: PROBE_CONFIG: unknown key "intervalSecond". Did you mean "intervalSeconds"?',
        ''
      ].join('\n')
    })
  })

  plain('with every mistake in what the config names', async () => {
    const { directory, write } = await makeDirectory()
    const [cert, key, empty] = [await write('tls.crt', 'x'), await write('tls.key', 'y'), await write('password', '\n')]
    const config = {
      ...quiet,
      caFile: join(directory, 'ca.pem'),
      listen: { tls: { certFile: cert, keyFile: key }, basicAuth: { username: 'x', passwordFile: empty } }
    }
    const { code, stderr } = await startProbe(['--config', await write('config.json', config)]).ended
    expect([code, stderr.replaceAll(directory, '')]).toEqual([
      2,
      [
        'probe: caFile: /ca.pem: cannot be read (ENOENT). Check that it exists and that the user may read it.',
        'probe: listen.tls: certFile and keyFile are no certificate and its key in PEM (ERR_OSSL_PEM_NO_START_LINE). Check that they belong together, and that the key has no passphrase.',
        'probe: listen.basicAuth.passwordFile: is empty. Check whether something should have written it.',
        ''
      ].join('\n')
    ])
  })

  plain('with a port that is in use', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    onTestFinished(() => void other.close())
    await once(other, 'listening')
    const { port } = other.address() as AddressInfo
    const { write } = await makeDirectory()
    const file = await write('config.json', {
      ...quiet,
      targets: [awsTarget],
      libcIntervalSeconds: 60,
      listen: { port }
    })
    expect(await startProbe(['--config', file]).ended).toEqual({
      code: 2,
      stderr: `probe: listen: cannot listen on 127.0.0.1 port ${port} (EADDRINUSE). Another process uses the port: end it, or choose another port.\n`
    })
  })

  plain('with an address that is not this machine', async () => {
    const { ended } = startProbe(['--host', '203.0.113.1'], { env: { PROBE_CONFIG: JSON.stringify(quiet) } })
    expect(await ended).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('(EADDRNOTAVAIL). No interface has the address')
    })
  })

  plain('with a config that a manifest leaves empty', async () => {
    expect(await startProbe([], { env: { PROBE_CONFIG: '' } }).ended).toEqual({
      code: 2,
      stderr:
        'probe: no config is given. Give private links, or set --config, --outputs with --environment, PROBE_CONFIG or PROBE_TARGETS.\n'
    })
  })

  for (const { when, words, says } of [
    {
      when: 'without a config',
      words: [],
      says: 'no config is given. Give private links, or set --config, --outputs with --environment, PROBE_CONFIG or PROBE_TARGETS.'
    },
    {
      when: 'with outputs of no environment',
      words: ['--outputs', 'x'],
      says: '--outputs and --environment: only one of them is given. Give both or neither.'
    },
    {
      when: 'with a flag that it does not have',
      words: ['--bogus'],
      says: "unknown option '--bogus'. See: npm run start -- --help"
    },
    {
      when: 'with a flag without its value',
      words: ['--config'],
      says: "option '--config <file>' argument missing. See: npm run start -- --help"
    },
    {
      when: 'with a config that no flag takes',
      words: ['config.json'],
      says: '"config.json" is a file, not a private link. Give it as --config. See: npm run start -- --help'
    },
    {
      when: 'with a word that is no private link',
      words: ['in01.example.com:19531'],
      says: 'command line: targets[0]: must be <cluster>.<cloud>-<region>.vectordb.zillizcloud.com:<port> or <project>.<cloud>-<region>.api.zillizcloud.com, got "in01.example.com:19531". Copy the private link from the cluster\'s page.'
    },
    {
      when: 'with a port beyond the last',
      words: ['--port', '65536'],
      says: '--port: must be a number from 0 to 65535, got "65536"'
    },
    {
      when: 'with a name that has a port',
      words: ['--names', 'probe.example:9815'],
      says: '--names: must be names without a port, separated by commas, got "probe.example:9815"'
    },
    {
      when: 'with a config that is not there',
      words: ['--config', '/nowhere/config.json'],
      says: '/nowhere/config.json: cannot be read (ENOENT). Check that it exists and that the user may read it.'
    },
    {
      when: 'with a directory for a config',
      words: ['--config', '/'],
      says: '/: is a directory. Give a regular file.'
    }
  ]) {
    plain(when, async () => {
      expect(await startProbe(words).ended).toEqual({ code: 2, stderr: `probe: ${says}\n` })
    })
  }
})

describe('the probe reads its config again', () => {
  plain('when Kubernetes swaps it, and goes on with the one before while the new one has mistakes', async () => {
    const { directory } = await makeDirectory()
    const publish = async (version: string, config: unknown) => {
      await mkdir(join(directory, version))
      await writeFile(join(directory, version, 'config.json'), JSON.stringify(config))
      await symlink(version, join(directory, '..data_tmp'))
      await rename(join(directory, '..data_tmp'), join(directory, '..data'))
    }
    await publish('..1', { ...quiet, targets: [awsTarget] })
    await symlink('..data/config.json', join(directory, 'config.json'))
    const probe = startProbe(['--config', join(directory, 'config.json')])
    expect(await targetsOf(probe)).toEqual([awsTarget.name])

    await publish('..2', { ...quiet, targets: [awsTarget, gcpTarget] })
    await probe.logged('config applied', 2)
    expect(await targetsOf(probe)).toEqual([awsTarget.name, gcpTarget.name])

    await publish('..3', { ...quiet, targets: [{ ...awsTarget, port: 'x' }], intervall: 1 })
    const { mistakes } = await probe.logged('config refused, the previous one stays in use')
    expect(mistakes).toEqual([
      expect.stringMatching(/config\.json: targets\[0\]\.port: must be a number, got "x"$/),
      expect.stringMatching(/config\.json: unknown key "intervall". Known keys are /)
    ])
    expect(await targetsOf(probe)).toEqual([awsTarget.name, gcpTarget.name])
    const refused = await metricsOf(probe)
    expect(refused).toContain('privatelink_config_last_reload_successful 0\n')
    expect(refused).toContain('privatelink_impairment{impairment="config-rejected"} 1\n')

    await publish('..4', quiet)
    await probe.logged('config applied', 3)
    const taken = await metricsOf(probe)
    expect(taken).toContain('privatelink_config_last_reload_successful 1\n')
    expect(taken).toContain('privatelink_impairment{impairment="config-rejected"} 0\n')
    expect(taken).not.toContain(awsTarget.name)
  })

  plain.for<[what: string, spoil: (file: string, directory: string) => Promise<unknown>, line: string]>([
    ['YAML that contains itself', file => writeFile(file, 'targets: &a [*a]\n'), 'contains itself. '],
    ['20,000 unknown keys', file => writeFile(file, unknownKeys), '… and 19,901 more'],
    ['too large a file', file => writeFile(file, '#'.repeat(2_000_000)), 'has more than 1024 KiB. '],
    ['UTF-16', file => writeFile(file, Buffer.from('\ufefftargets: []', 'utf16le')), 'is text in UTF-16. '],
    ['an empty file', file => writeFile(file, ''), 'is empty. '],
    ['a pipe', file => rm(file).then(() => execa('mkfifo', [file])), 'is a pipe. '],
    [
      'a config with a pipe for its authorities',
      async (file, directory) => {
        const caFile = join(directory, 'ca.pem')
        await execa('mkfifo', [caFile])
        await writeFile(file, JSON.stringify({ ...quiet, caFile }))
      },
      'is a pipe. '
    ]
  ])('and goes on with the one before when it becomes %s', async ([, spoil, line]) => {
    const { directory, write } = await makeDirectory()
    const file = await write('config.yaml', { ...quiet, targets: [awsTarget] })
    const probe = startProbe(['--config', file])
    expect(await targetsOf(probe)).toEqual([awsTarget.name])
    await spoil(file, directory)
    const refused = await probe.logged('config refused, the previous one stays in use')
    const { mistakes } = z.object({ mistakes: z.array(z.string()) }).parse(refused)
    expect(mistakes.join('\n')).toContain(line)
    expect(JSON.stringify(refused).length).toBeLessThan(50_000)
    expect(await targetsOf(probe)).toEqual([awsTarget.name])

    // In the place of whatever is there now.
    await rename(await write('next.yaml', { ...quiet, targets: [gcpTarget] }), file)
    await probe.logged('config applied', 2)
    expect(await targetsOf(probe)).toEqual([gcpTarget.name])
    expect(probe.log.filter(({ level }) => level >= 50)).toHaveLength(1)
  })

  plain('when a file that a refused one names has come', async () => {
    const { directory, write } = await makeDirectory()
    const file = await write('config.json', quiet)
    const probe = startProbe(['--config', file])
    await probe.url()
    await mkdir(join(directory, 'ca'))
    await write('config.json', { ...quiet, caFile: join(directory, 'ca', 'ca.pem') })
    await probe.logged('config refused')
    await writeFile(join(directory, 'ca', 'ca.pem'), (await makeAuthority()).cert)
    await probe.logged('config applied', 2)
  })

  plain('and says what only a start can bring', async () => {
    const { write } = await makeDirectory()
    const file = await write('config.json', quiet)
    const probe = startProbe(['--config', file])
    const url = await probe.url()
    await write('config.json', { ...quiet, listen: { host: '0.0.0.0', port: 9815 } })
    const { changes } = await probe.logged('takes effect after a restart')
    expect(changes).toEqual(['listen.host', 'listen.port'])
    expect((await fetch(`${url}/healthz`)).status).toBe(200)
  })

  plain('and takes a renewed certificate and another password as they are', async () => {
    const { write } = await makeDirectory()
    const authority = await makeAuthority()
    const renew = async (name: string) => {
      const { cert, key } = await authority.issue([name])
      return { certFile: await write('tls.crt', cert), keyFile: await write('tls.key', key) }
    }
    const tls = await renew('first.example')
    const passwordFile = await write('password', 'one\n')
    const listen = { port: 0, tls, basicAuth: { username: 'prometheus', passwordFile } }
    const probe = startProbe(['--config', await write('config.json', { ...quiet, listen })])
    const { port } = new URL(await probe.url())
    const get = async (password: string) => {
      const [reply]: [IncomingMessage] = (await once(
        request({
          port,
          host: '127.0.0.1',
          path: '/api/targets',
          auth: `prometheus:${password}`,
          agent: false,
          rejectUnauthorized: false
        }).end(),
        'response'
      )) as [IncomingMessage]
      reply.resume()
      return [reply.statusCode, (reply.socket as TLSSocket).getPeerCertificate().subject.CN]
    }
    expect([await get('one'), await get('two')]).toEqual([
      [200, 'first.example'],
      [401, 'first.example']
    ])
    await renew('second.example')
    await expect.poll(() => get('one'), patience).toEqual([200, 'second.example'])
    await write('password', 'two\n')
    await expect.poll(() => get('two'), patience).toEqual([200, 'second.example'])
    expect(await get('one')).toEqual([401, 'second.example'])
    expect(probe.log.filter(({ level }) => level >= 50)).toEqual([])
  })

  testWith('namespaces')('and keeps its resolvers when those of the system are gone', async () => {
    const { write } = await makeDirectory()
    const resolvConf = await write('resolv.conf', 'nameserver 127.0.0.53\n')
    const { resolvers: _, ...system } = quiet
    const file = await write('config.json', { ...system, targets: [awsTarget] })
    const probe = startProbe(['--config', file], {
      through: ['unshare', '--mount', 'sh', '-c', `mount --bind ${resolvConf} /etc/resolv.conf && exec "$0" "$@"`]
    })
    await probe.url()
    await write('resolv.conf', 'search example\n')
    const { mistakes } = await probe.logged('config refused')
    expect(mistakes).toEqual(['resolvers: /etc/resolv.conf has no resolver. Give the address of at least one.'])
    expect(await metricsOf(probe)).toContain(
      `privatelink_dns_queries_total{target="${awsTarget.name}",resolver="system"}`
    )
    await write('resolv.conf', 'nameserver 127.0.0.53\nnameserver 127.0.0.54\n')
    await probe.logged('config applied', 2)
    await expect
      .poll(() => metricsOf(probe))
      .toContain(`privatelink_dns_queries_total{target="${awsTarget.name}",resolver="system-2"}`)
  })
})

describe('the probe ends in order, with 0,', () => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    plain(`at ${signal}, while rounds are running and a scrape is open`, async () => {
      await using resolver = await startResolver(() => 'drop')
      const { write } = await makeDirectory()
      const targets = Array.from({ length: 100 }, (_, index) => ({
        ...awsTarget,
        host: `h${index}.${host}`,
        name: `a/b/${index}`
      }))
      const config = { ...quiet, targets, resolvers: [resolver.resolver], intervalSeconds: 3 }
      const probe = startProbe(['--config', await write('config.json', config)])
      const { port } = new URL(await probe.url())
      await expect.poll(() => resolver.queries.length, patience).toBeGreaterThan(100)
      const scrape = connect(Number(port), '127.0.0.1')
      scrape.on('error', () => {})
      scrape.write('GET /metrics HTTP/1.1\r\nhost: probe\r\n\r\n')
      await once(scrape, 'readable')
      probe.kill(signal)
      expect(await probe.ended).toEqual({ code: 0, stderr: '' })
      scrape.destroy()
      expect(probe.log.slice(-2).map(({ msg }) => msg)).toEqual(['closing', 'closed'])
      expect(probe.log.filter(({ level }) => level >= 50)).toEqual([])
      const sent = await sentTo(resolver)
      await new Promise(resolve => setTimeout(resolve, 300))
      expect(await sentTo(resolver)).toBe(sent)
    })
  }

  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    testWith('namespaces', 'procfs')(
      `at ${signal} that comes while it starts as process 1 of a container`,
      async () => {
        const { write } = await makeDirectory()
        const probe = startProbe(['--config', await write('config.json', quiet)], {
          through: ['unshare', '--pid', '--fork', '--mount-proc', '--kill-child']
        })
        const first = () => readFileSync(`/proc/${probe.pid}/task/${probe.pid}/children`, 'utf8').trim()
        await expect.poll(first, patience).not.toBe('')
        // The kernel drops a signal that process 1 does not handle yet. After the first line none is sent.
        while (probe.log.length === 0) {
          process.kill(Number(first()), signal)
          await sleep(2)
        }
        expect(await probe.ended).toEqual({ code: 0, stderr: '' })
        expect(probe.log.slice(-2).map(({ msg }) => msg)).toEqual(['closing', 'closed'])
      }
    )
  }

  testWith('namespaces', 'procfs')('at SIGTERM as process 1 of a container, which frees its port', async () => {
    const { write } = await makeDirectory()
    const config = { ...quiet, targets: [awsTarget], libcIntervalSeconds: 1 }
    const probe = startProbe(['--config', await write('config.json', config)], {
      through: ['unshare', '--pid', '--fork', '--mount-proc', '--kill-child']
    })
    const url = await probe.url()
    process.kill(Number(readFileSync(`/proc/${probe.pid}/task/${probe.pid}/children`, 'utf8')), 'SIGTERM')
    expect(await probe.ended).toEqual({ code: 0, stderr: '' })
    await expect(fetch(`${url}/healthz`)).rejects.toThrow('fetch failed')
  })

  plain('when its config is changed at the same time', async () => {
    const { write } = await makeDirectory()
    const file = await write('config.json', quiet)
    const probe = startProbe(['--config', file])
    await probe.url()
    await write('config.json', { ...quiet, targets: [awsTarget], intervalSeconds: 5 })
    probe.kill('SIGTERM')
    expect((await probe.ended).code).toBe(0)
  })
})
