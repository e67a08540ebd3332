import { describe, expect, test } from 'vitest'
import { isPrivateAddress, refusedAddress } from '../../../probe/observers/refused-address.ts'
import { observeTcp } from '../../../probe/observers/tcp.ts'
import { startTcpServer } from '../../support/endpoint.ts'
import { limit, untimed } from '../../support/limit.ts'

test('a listener is connected to, and the connection handed on', async () => {
  await using server = await startTcpServer(() => {})
  const { address, port } = server
  const { observation, connection } = await observeTcp({ address, port, allowLoopback: true }, limit())
  expect(untimed(observation)).toEqual({ layer: 'tcp', address, port, kind: 'connected' })
  expect(connection?.remotePort).toBe(port)
  connection?.destroy()
})

test('a closed port refuses', async () => {
  const server = await startTcpServer(() => {})
  await server[Symbol.asyncDispose]()
  const { address, port } = server
  const { observation, connection } = await observeTcp({ address, port, allowLoopback: true }, limit())
  expect(untimed(observation)).toEqual({ layer: 'tcp', address, port, kind: 'refused' })
  expect(connection).toBe(undefined)
})

test('an address where nothing of Zilliz Cloud can be is not connected to', async () => {
  await using server = await startTcpServer(() => {})
  const { address, port } = server
  const { observation } = await observeTcp({ address, port, allowLoopback: false }, limit())
  expect(untimed(observation)).toEqual({ layer: 'tcp', address, port, kind: 'forbidden', refusal: 'loopback' })
  expect(server.connections.made).toBe(0)
})

test('after an abort nobody waits', async () => {
  const signal = AbortSignal.abort(new Error('over'))
  const observing = observeTcp({ address: '127.0.0.1', port: 1, allowLoopback: true }, { ms: 60_000, signal })
  await expect(observing).rejects.toThrow('over')
})

describe('which addresses are refused', () => {
  test.for([
    ['127.0.0.1', 'loopback'],
    ['127.255.255.254', 'loopback'],
    ['::1', 'loopback'],
    ['::ffff:127.0.0.1', 'loopback'],
    ['0.0.0.0', 'unspecified'],
    ['::', 'unspecified'],
    ['169.254.169.254', 'metadata'],
    ['::ffff:169.254.169.254', 'metadata'],
    ['fd00:ec2::254', 'metadata'],
    ['fd20:ce::254', 'metadata'],
    ['169.254.169.253', 'link-local'],
    ['fe80::1', 'link-local'],
    ['224.0.0.1', 'multicast'],
    ['255.255.255.255', 'multicast'],
    ['ff02::1', 'multicast'],
    ['10.0.0.1', undefined],
    ['fd00::1', undefined],
    ['203.0.113.1', undefined]
  ] as const)('%s: %s', ([address, refusal]) => {
    expect(refusedAddress(address, false)).toBe(refusal)
    expect(refusedAddress(address, true)).toBe(refusal === 'loopback' ? undefined : refusal)
  })

  test('what is no address is a bug', () => {
    expect(() => refusedAddress('localhost', false)).toThrow('not an address: localhost')
  })
})

test.for([
  ['10.255.0.1', true],
  ['172.16.0.1', true],
  ['172.32.0.1', false],
  ['192.168.1.1', true],
  ['100.64.0.1', true],
  ['100.128.0.1', false],
  ['::ffff:10.0.0.1', true],
  ['fd12::1', true],
  ['2001:db8::1', false],
  ['8.8.8.8', false]
] as const)('%s is private: %s', ([address, is]) => {
  expect(isPrivateAddress(address)).toBe(is)
})
