import { execFileSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import { readListening } from '../../../probe/config/listening.ts'
import { type ConfigSource, loadReferred, readConfig } from '../../../probe/config/source.ts'
import { configLimits } from '../../../probe/schema/limits.ts'
import { ConfigError } from '../../../probe/schema/read.ts'
import { makeAuthority } from '../../support/certificates.ts'
import { awsTarget } from '../../support/evidence.ts'

const directory = await mkdtemp(join(tmpdir(), 'probe-files-'))
afterAll(() => rm(directory, { recursive: true }))

const nowhere = { host: '::1', port: 0, names: [] }
const resolvers = [{ name: 'vpc', address: '10.0.0.2' }]
const sound = JSON.stringify({ targets: [awsTarget], resolvers })
let count = 0

async function file(content: string | Buffer, ending = '.json'): Promise<string> {
  count += 1
  const path = join(directory, `file-${count}${ending}`)
  await writeFile(path, content)
  return path
}

async function mistakesOf(reading: () => Promise<unknown>): Promise<readonly string[]> {
  try {
    await reading()
  } catch (error) {
    if (error instanceof ConfigError)
      return error.mistakes.map(line => line.replace(/\/\S*\/file-\d+(\.\w+)?/g, 'FILE'))
    throw error
  }
  return []
}

const ofSource = (source: ConfigSource) => mistakesOf(async () => loadReferred(await readConfig(source)))

async function pipe(): Promise<string> {
  count += 1
  const path = join(directory, `file-${count}`)
  execFileSync('mkfifo', [path])
  return path
}

async function socket(): Promise<string> {
  count += 1
  const path = join(directory, `file-${count}`)
  const server = createServer().listen(path)
  onTestFinished(() => void server.close())
  return path
}

/** Every file that the probe reads, and what is wrong if it is this one. */
const readers: readonly (readonly [what: string, key: string, read: (file: string) => Promise<readonly string[]>])[] = [
  ['a config', 'FILE', path => ofSource({ file: path })],
  ['outputs', 'FILE', path => ofSource({ outputs: { file: path, environment: 'prod' } })],
  ['authorities', 'caFile: FILE', path => ofSource({ json: JSON.stringify({ targets: [], resolvers, caFile: path }) })],
  ...(['certFile', 'keyFile'] as const).map(
    name =>
      [
        `a ${name}`,
        `listen.tls.${name}`,
        (path: string) =>
          mistakesOf(async () => {
            const { cert, key } = await (await makeAuthority()).issue(['probe.example'])
            const tls = { certFile: await file(cert), keyFile: await file(key), [name]: path }
            await readListening({ ...nowhere, tls })
          })
      ] as const
  ),
  [
    'a password',
    'listen.basicAuth.passwordFile',
    path => mistakesOf(() => readListening({ ...nowhere, basicAuth: { username: 'x', passwordFile: path } }))
  ]
]

const least = 'a'.repeat(configLimits.fileBytes)
const unsound: readonly (readonly [what: string, path: () => Promise<string>, line: string])[] = [
  ['a pipe', pipe, 'is a pipe. Give a regular file.'],
  ['a socket', socket, 'is a socket. Give a regular file.'],
  ['a device', async () => '/dev/zero', 'is a device. Give a regular file.'],
  ['a directory', async () => directory, 'is a directory. Give a regular file.'],
  ['too large', () => file(`${least}a`, ''), 'has more than 1024 KiB. Check whether it is the right file.'],
  ['empty', () => file('', ''), 'is empty. Check whether something should have written it.'],
  ['nothing but space', () => file(' \n', ''), 'is empty. Check whether something should have written it.'],
  ['UTF-16', () => file(Buffer.from(`\ufeff${sound}`, 'utf16le'), ''), 'is text in UTF-16. Save it as UTF-8.'],
  [
    'UTF-16 of the other order',
    () => file(Buffer.from(`\ufeff${sound}`, 'utf16le').swap16(), ''),
    'is text in UTF-16. Save it as UTF-8.'
  ],
  ['UTF-16 without a mark', () => file(Buffer.from(sound, 'utf16le'), ''), 'is text in UTF-16. Save it as UTF-8.'],
  ['UTF-32', () => file(Buffer.from([0xff, 0xfe, 0, 0, 0x7b, 0, 0, 0]), ''), 'is text in UTF-32. Save it as UTF-8.']
]

describe('a file is refused in one line', () => {
  for (const [what, key, read] of readers) {
    test.for(unsound)(`if ${what} is %s`, async ([, path, line]) => {
      const given = await path()
      const mistakes = await read(given)
      expect(mistakes.map(each => each.replace(given, 'FILE'))).toEqual([`${key}: ${line}`])
    })
  }

  test.for(readers.filter(([what]) => !/authorities|certFile|keyFile/.test(what)))(
    'if %s is text of another encoding',
    async ([, key, read]) => {
      expect(await read(await file(Buffer.from('pässword', 'latin1'), ''))).toEqual([
        `${key}: is not text in UTF-8. Check whether it is the right file, or save it as UTF-8.`
      ])
    }
  )

  test('if it is larger than it says', async () => {
    // Its size is 0, and what it holds is made while it is read.
    expect(await ofSource({ file: '/proc/kallsyms' })).toEqual([
      expect.stringMatching(/^\/proc\/kallsyms: has more than 1024 KiB\./)
    ])
  })

  test('if a password has a second line', async () => {
    const passwordFile = await file('alice:$2y$10$x\nbob:$2y$10$y\n')
    expect(await mistakesOf(() => readListening({ ...nowhere, basicAuth: { username: 'x', passwordFile } }))).toEqual([
      'listen.basicAuth.passwordFile: holds more than one line. Write the password into it and nothing else.'
    ])
  })

  test('if a certificate or its key is malformed, or of another pair', async () => {
    const authority = await makeAuthority()
    const [{ cert, key }, other] = [await authority.issue(['a.example']), await authority.issue(['b.example'])]
    const broken = (kind: string) => `-----BEGIN ${kind}-----\nAAAA\n-----END ${kind}-----\n`
    for (const [certificate, keys] of [
      [broken('CERTIFICATE'), key],
      [`${cert}\n${broken('CERTIFICATE')}`, key],
      [cert, broken('PRIVATE KEY')],
      [cert, other.key],
      [key, cert]
    ] as const) {
      const tls = { certFile: await file(certificate), keyFile: await file(keys) }
      expect(await mistakesOf(() => readListening({ ...nowhere, tls }))).toEqual([
        expect.stringMatching(/^listen\.tls: certFile and keyFile are no certificate and its key in PEM \([\w ]+\)\. /)
      ])
    }
  })

  test('if authorities are a key, or in DER', async () => {
    const { cert, issue } = await makeAuthority()
    const { key } = await issue(['x.example'])
    const der = Buffer.from(cert.replaceAll(/-----[^-]*-----|\s/g, ''), 'base64')
    for (const content of [key, der]) {
      const caFile = await file(content)
      expect(await ofSource({ json: JSON.stringify({ targets: [], resolvers, caFile }) })).toEqual([
        'caFile: FILE: holds no certificate in PEM. Convert one in DER: openssl x509 -inform der.'
      ])
    }
  })
})

describe('a file is taken', () => {
  test.for(['.json', '.yaml'])('with a byte order mark before it (%s)', async ending => {
    const { config } = await readConfig({ file: await file(`\ufeff${sound}`, ending) })
    expect(config.targets).toEqual([awsTarget])
  })

  test('with a byte order mark before certificates, and comments in another encoding between them', async () => {
    const [one, other] = [await makeAuthority(), await makeAuthority()]
    const comment = Buffer.from('# Autoridad de Certificación\n', 'latin1')
    const caFile = await file(Buffer.concat([Buffer.from(`\ufeff${one.cert}\n`), comment, Buffer.from(other.cert)]))
    expect(await ofSource({ json: JSON.stringify({ targets: [], resolvers, caFile }) })).toEqual([])
  })

  test('of exactly the largest size', async () => {
    const path = await file(sound.padEnd(configLimits.fileBytes))
    expect((await readConfig({ file: path })).config.targets).toEqual([awsTarget])
  })
})
