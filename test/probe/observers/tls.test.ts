import { execFile } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { TlsOptions } from 'node:tls'
import { promisify } from 'node:util'
import { describe, expect, onTestFinished, test } from 'vitest'
import { isCertificateRequested } from '../../../probe/observers/certificate-request.ts'
import { observeTls } from '../../../probe/observers/tls.ts'
import { trustIn } from '../../../probe/observers/trust.ts'
import { type Identity, inDays, makeAuthority, makeSelfSigned, spoilt } from '../../support/certificates.ts'
import { type Endpoint, startEndpoint, startTcpServer, startTlsServer } from '../../support/endpoint.ts'
import { limit, untimed } from '../../support/limit.ts'

const host = 'in01-1.aws-us-west-2.vectordb.example'
const authority = await makeAuthority()
const stranger = await makeAuthority('Somebody Else')
const trust = trustIn(authority.cert)
const usual = { from: inDays(-1), to: inDays(89) }
const good = await authority.issue([host], usual)
const past = { from: inDays(-90), to: inDays(-2) }
const future = { from: inDays(2), to: inDays(90) }
const expired = await authority.issue([host], past)
const early = await authority.issue([host], future)
const strange = await stranger.issue([host], usual)
const selfMade = await makeSelfSigned([host], usual)
const foreign = await authority.issue(['a.example', '*.b.example'], usual)
const shallow = await authority.issue(['*.vectordb.example'], usual)

async function shakeHands({ address, port }: Endpoint, ms = 1000) {
  const connection = connect({ host: address, port })
  const look = await observeTls({ connection, host, trust }, limit(ms))
  look.connection?.destroy()
  return untimed(look.observation)
}

const closed = (server: Endpoint) => expect.poll(() => server.connections.open).toBe(0)

describe('a certificate is reported whatever is wrong with it', () => {
  const rows: readonly {
    when: string
    identity: Identity
    names?: readonly string[]
    valid?: typeof usual
    chainError?: string
    selfSigned?: boolean
    issuer?: string
  }[] = [
    { when: 'nothing', identity: good },
    { when: 'its time is over', identity: expired, valid: past, chainError: 'CERT_HAS_EXPIRED' },
    {
      when: 'its time has not come',
      identity: early,
      valid: future,
      chainError: 'CERT_NOT_YET_VALID'
    },
    {
      when: 'a stranger signed it',
      identity: strange,
      chainError: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      issuer: 'CN=Somebody Else'
    },
    {
      when: 'it signs itself',
      identity: selfMade,
      chainError: 'DEPTH_ZERO_SELF_SIGNED_CERT',
      selfSigned: true,
      issuer: `CN=${host}`
    },
    {
      when: 'it is for other names',
      identity: foreign,
      names: ['a.example', '*.b.example']
    },
    {
      when: 'its wildcard does not reach this far',
      identity: shallow,
      names: ['*.vectordb.example']
    }
  ]
  test.for(rows)('$when', async row => {
    const {
      identity,
      names = [host],
      valid = usual,
      chainError,
      selfSigned = false,
      issuer = 'CN=Test Authority'
    } = row
    await using server = await startEndpoint(identity)
    expect(await shakeHands(server)).toEqual({
      layer: 'tls',
      kind: 'established',
      protocol: 'TLSv1.3',
      alpn: 'h2',
      chainError,
      trustedBy: chainError === undefined ? 'config' : undefined,
      certificate: {
        subject: `CN=${names[0]}`,
        issuer,
        names,
        coversHost: names.includes(host) && 'names',
        notBefore: valid.from.getTime() / 1000,
        notAfter: valid.to.getTime() / 1000,
        selfSigned,
        fingerprint: new X509Certificate(identity.cert).fingerprint256
      }
    })
    await closed(server)
  })
})

describe('what the server chose is reported', () => {
  const rows: readonly { when: string; tls: TlsOptions; sees: object }[] = [
    { when: 'TLS 1.2', tls: { maxVersion: 'TLSv1.2' }, sees: { protocol: 'TLSv1.2', alpn: 'http/1.1' } },
    { when: 'HTTP/1.1', tls: {}, sees: { protocol: 'TLSv1.3', alpn: 'http/1.1' } },
    { when: 'no application protocol', tls: { ALPNProtocols: [] }, sees: { protocol: 'TLSv1.3', alpn: undefined } }
  ]
  test.for(rows)('$when', async ({ tls, sees }) => {
    await using server = await startTlsServer(good, () => {}, { tls })
    expect(await shakeHands(server)).toMatchObject({ kind: 'established', ...sees })
  })
})

describe('a handshake that fails', () => {
  const rows: readonly { when: string; server: () => Promise<Endpoint>; sees: object }[] = [
    { when: 'silence', server: () => startTcpServer(() => {}), sees: { kind: 'timeout' } },
    {
      when: 'a reset',
      server: () => startTcpServer(socket => socket.once('data', () => socket.resetAndDestroy())),
      sees: { kind: 'reset' }
    },
    {
      when: 'an end in order',
      server: () => startTcpServer(socket => socket.once('data', () => socket.end())),
      sees: { kind: 'closed' }
    },
    {
      when: 'an HTTP reply',
      server: () => startTcpServer(socket => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')),
      sees: { kind: 'not-tls' }
    },
    {
      when: "another protocol's greeting",
      server: () => startTcpServer(socket => socket.write('SSH-2.0-OpenSSH_9.6\r\n')),
      sees: { kind: 'not-tls' }
    },
    {
      when: 'noise',
      server: () => startTcpServer(socket => socket.write(Buffer.alloc(4096, 0x15))),
      sees: { kind: 'not-tls' }
    },
    {
      when: 'no version in common',
      server: () =>
        startTlsServer(good, () => {}, {
          tls: { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL@SECLEVEL=0' }
        }),
      sees: { kind: 'alert', alert: 70 }
    },
    {
      when: 'a name that is not served',
      server: () =>
        startTcpServer(socket => socket.once('data', () => socket.end(Buffer.from([21, 3, 3, 0, 2, 2, 112])))),
      sees: { kind: 'alert', alert: 112 }
    },
    {
      when: 'no application protocol in common',
      server: () => startTlsServer(good, () => {}, { tls: { ALPNProtocols: ['imap'] } }),
      sees: { kind: 'alert', alert: 120 }
    }
  ]
  test.for(rows)('$when', async ({ server: start, sees }) => {
    await using server = await start()
    expect(await shakeHands(server, 500)).toEqual({ layer: 'tls', ...sees })
    await closed(server)
  })

  test('after an abort nobody waits, and the connection is ended', async () => {
    await using server = await startTcpServer(() => {})
    const connection = connect({ host: server.address, port: server.port })
    const controller = new AbortController()
    const observing = observeTls({ connection, host, trust }, { ms: 60_000, signal: controller.signal })
    await expect.poll(() => server.connections.open).toBe(1)
    controller.abort(new Error('over'))
    await expect(observing).rejects.toThrow('over')
    await closed(server)
  })
})

async function certificateOf(identity: Identity) {
  await using server = await startTlsServer(identity, () => {})
  const connection = connect({ host: server.address, port: server.port })
  const { observation, connection: secure } = await observeTls({ connection, host, trust }, limit())
  secure?.destroy()
  if (observation.kind !== 'established') throw new Error(JSON.stringify(observation))
  return observation
}

describe('a certificate with dates that are none has none', () => {
  for (const [when, date] of [
    ['the thirteenth month', '271301000000Z'],
    ['letters', 'garbagegarbaZ'],
    ['no day', '000000000000Z']
  ] as const) {
    test(when, async () => {
      const { certificate, chainError } = await certificateOf(spoilt(good, der => der.replace(/\d{12}Z(?=0)/, date)))
      expect([certificate.notBefore !== undefined, certificate.notAfter]).toEqual([true, undefined])
      expect(chainError).toBe('ERROR_IN_CERT_NOT_AFTER_FIELD')
    })
  }
})

describe('names in a certificate are readable', () => {
  for (const [subject, sees] of [
    ["C=US, O=Let's Encrypt, CN=R11", "C=US, O=Let's Encrypt, CN=R11"],
    ['O=Zürich 向量, CN=a', 'O=Zürich 向量, CN=a'],
    ['O=\u202egnp\u200b, CN=a', 'O=\\u{202e}gnp\\u{200b}, CN=a']
  ] as const) {
    test(sees, async () => {
      const { certificate } = await certificateOf(await authority.issue([host], usual, subject))
      expect(certificate.subject).toBe(sees)
    })
  }
})

test('control characters in a name are escaped, and end no line', async () => {
  const identity = await authority.issue([host], usual, 'O=a---b, CN=a')
  const { certificate } = await certificateOf(spoilt(identity, der => der.replace('a---b', 'a\u001b\r\nb')))
  expect(certificate.subject).toBe('O=a\\1B\\0D\\0Ab, CN=a')
})

describe('a certificate covers the host', () => {
  const rows: readonly { when: string; identity: () => Promise<Identity>; covers: string | false }[] = [
    { when: 'by its names', identity: async () => good, covers: 'names' },
    {
      when: 'by its common name alone, if it has no names',
      identity: () => authority.issueByCommonName(host),
      covers: 'common-name'
    },
    {
      when: 'not by its common name, if it has names',
      identity: () => authority.issue(['a.example'], usual, `CN=${host}`),
      covers: false
    }
  ]
  test.for(rows)('$when', async ({ identity, covers }) => {
    const { certificate } = await certificateOf(await identity())
    expect(certificate.coversHost).toBe(covers)
  })
})

test('a certificate that several hosts have is judged for each of them', async () => {
  await using server = await startTlsServer(good, () => {})
  const covered = async (name: string) => {
    const connection = connect({ host: server.address, port: server.port })
    const look = await observeTls({ connection, host: name, trust }, limit())
    look.connection?.destroy()
    return look.observation.kind === 'established' && look.observation.certificate.coversHost
  }
  expect([await covered(host), await covered('other.example'), await covered(host)]).toEqual(['names', false, 'names'])
})

test.for([
  { name: 'Test Authority', spelled: 'TEST  AUTHORITY', how: 'in other letters, which X.500 takes for the same name' },
  { name: '試驗', spelled: '試驗', how: 'in no Latin letter' }
])('an authority is found whose name is written $how', async ({ name, spelled }) => {
  const other = await makeAuthority(name, spelled)
  const { cert } = await other.issue([host])
  expect(trustIn(other.cert).signerOf(new X509Certificate(cert))).toBe('config')
  expect(trust.signerOf(new X509Certificate(cert))).toBe(undefined)
})

test("an authority of the system's store is trusted, and told from public ones", async () => {
  const directory = await mkdtemp(join(tmpdir(), 'store-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  const store = join(directory, 'ca.pem')
  await writeFile(store, authority.cert)
  await using server = await startTlsServer(good, () => {})
  const room = join(import.meta.dirname, '../../../probe/observers')
  const script = `
    import { connect } from 'node:net'
    import { observeTls } from '${room}/tls.ts'
    import { trustIn } from '${room}/trust.ts'
    const connection = connect(${server.port}, '${server.address}')
    const limit = { ms: 5000, signal: new AbortController().signal }
    const look = await observeTls({ connection, host: '${host}', trust: trustIn(undefined) }, limit)
    console.log(JSON.stringify(look.observation))
    connection.destroy()`
  const seen = async (env: NodeJS.ProcessEnv) => {
    const words = ['--input-type=module-typescript', '--eval', script]
    const { stdout } = await promisify(execFile)(process.execPath, words, { env: { ...process.env, ...env } })
    const { chainError, trustedBy } = JSON.parse(stdout)
    return { chainError, trustedBy }
  }
  expect(await seen({ SSL_CERT_FILE: store })).toEqual({ trustedBy: 'system' })
  expect(await seen({ SSL_CERT_FILE: join(directory, 'none') })).toEqual({
    chainError: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'
  })
})

test('no finite-field Diffie-Hellman is offered, whose modulus the server chooses', async () => {
  let hello = Buffer.alloc(0)
  await using server = await startTcpServer(socket => {
    socket.on('data', data => {
      hello = Buffer.concat([hello, data])
    })
  })
  await shakeHands(server, 300)
  const { ciphers, groups } = readClientHello(hello)
  expect(ciphers.length).toBeGreaterThan(5)
  // ECDHE has 0xC0.. and 0xCCA.., TLS 1.3 has 0x13..; finite-field groups are 0x01.. (RFC 7919).
  expect(ciphers.filter(each => ![0x13, 0xc0, 0xcc].includes(each >> 8) && each !== 0xff)).toEqual([])
  expect(groups.filter(each => each >> 8 === 1)).toEqual([])
  // X25519 and P-256, which every server has.
  expect(groups).toEqual(expect.arrayContaining([0x1d, 0x17]))
})

test('a server that wants to shake hands anew gets none', async () => {
  const { promise, resolve } = Promise.withResolvers<unknown>()
  await using server = await startTlsServer(good, connection => connection.renegotiate({}, resolve), {
    tls: { maxVersion: 'TLSv1.2' }
  })
  const connection = connect({ host: server.address, port: server.port })
  const look = await observeTls({ connection, host, trust }, limit())
  expect(look.observation.kind).toBe('established')
  const renewed = await Promise.race([promise.then(error => error === null), setTimeout(300, false)])
  look.connection?.destroy()
  expect(renewed).toBe(false)
})

describe('whether a server asks for a certificate in TLS 1.2', () => {
  const asks = async ({ address, port }: Endpoint, ms = 1000) =>
    isCertificateRequested({ connection: connect({ host: address, port }), host }, limit(ms))

  const rows: readonly { when: string; tls: TlsOptions; requested: boolean }[] = [
    { when: 'it does', tls: { maxVersion: 'TLSv1.2', requestCert: true, ca: [authority.cert] }, requested: true },
    { when: 'it does, and speaks TLS 1.3 as well', tls: { requestCert: true }, requested: true },
    { when: 'it does not', tls: {}, requested: false },
    { when: 'it speaks only TLS 1.3', tls: { minVersion: 'TLSv1.3', requestCert: true }, requested: false }
  ]
  test.for(rows)('$when', async ({ tls, requested }) => {
    await using server = await startTlsServer(good, () => {}, { tls })
    expect(await asks(server)).toBe(requested)
    await closed(server)
  })

  test('silence says nothing', async () => {
    await using server = await startTcpServer(() => {})
    expect(await asks(server, 200)).toBe(false)
    await closed(server)
  })

  test('beyond 32 KiB of a first flight nothing is known', async () => {
    const piece = Buffer.concat([
      Buffer.from([22, 3, 3, 0x3f, 0xff]),
      Buffer.from([1, 0, 0x3f, 0xfb]),
      Buffer.alloc(0x3ffb)
    ])
    const request = Buffer.from([22, 3, 3, 0, 4, 13, 0, 0, 0])
    await using server = await startTcpServer(socket => {
      socket.write(Buffer.concat([piece, piece, piece]))
      void setTimeout(300).then(() => socket.write(request))
    })
    expect(await asks(server)).toBe(false)
    await closed(server)
  })
})

/** What a client offers (RFC 8446 §4.1.2). */
function readClientHello(bytes: Buffer) {
  let at = 5 + 4 + 2 + 32
  const skip = (size: 1 | 2) => {
    const length = bytes.readUIntBE(at, size)
    at += size
    const list = bytes.subarray(at, at + length)
    at += length
    return list
  }
  skip(1)
  const ciphers = numbers(skip(2))
  skip(1)
  const extensions = skip(2)
  const groups: number[] = []
  for (let each = 0; each < extensions.length; ) {
    const [type, length] = [extensions.readUInt16BE(each), extensions.readUInt16BE(each + 2)]
    if (type === 10) groups.push(...numbers(extensions.subarray(each + 6, each + 4 + length)))
    each += 4 + length
  }
  return { ciphers, groups }
}

const numbers = (list: Buffer) => Array.from({ length: list.length / 2 }, (_, index) => list.readUInt16BE(2 * index))
