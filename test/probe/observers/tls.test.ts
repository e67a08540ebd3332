import { X509Certificate } from 'node:crypto'
import { connect } from 'node:net'
import type { TlsOptions } from 'node:tls'
import { describe, expect, test } from 'vitest'
import { observeTls } from '../../../probe/observers/tls.ts'
import { trustIn } from '../../../probe/observers/trust.ts'
import { type Identity, inDays, makeAuthority, makeSelfSigned } from '../../support/certificates.ts'
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
