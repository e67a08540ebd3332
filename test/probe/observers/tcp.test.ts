import { expect, test } from 'vitest'
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
