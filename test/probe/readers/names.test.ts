import { hostname } from 'node:os'
import { describe, expect, test } from 'vitest'
import { startApp } from '../../support/app.ts'
import { awsTarget } from '../../support/evidence.ts'

const closed = ['/', '/page.js', '/metrics', '/api/targets', `/api/targets/${awsTarget.name}`, '/openapi.json']
const paths = [...closed, '/updates?edition=a&revision=0']

/** Asks for a path under a name, and gives the status. */
async function statusOf(raw: (bytes: string) => Promise<string>, path: string, host: string): Promise<string> {
  const reply = await raw(`GET ${path} HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`)
  return reply.slice('HTTP/1.1 '.length, 'HTTP/1.1 '.length + 3)
}

describe('a page on another origin that points its own name to the probe', () => {
  for (const host of [
    'evil.example',
    'evil.example:9815',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    'probe',
    'localhost@evil.example',
    ''
  ]) {
    test(`reads nothing under ${JSON.stringify(host)}`, async () => {
      const { raw } = await startApp()
      for (const path of paths) expect(await statusOf(raw, path, host), path).toBe('421')
    })
  }

  test('is told how to allow the name, should it be right', async () => {
    const { raw } = await startApp()
    const reply = await raw('GET /api/targets HTTP/1.1\r\nhost: probe.example:9815\r\nconnection: close\r\n\r\n')
    expect(JSON.parse(reply.split('\r\n\r\n')[1] ?? '')).toEqual({
      error:
        'Host: not a name of this probe, got "probe.example". Use the probe\'s IP address, or add the name to listen.names in its config.'
    })
    expect(reply).not.toContain(awsTarget.name)
  })

  test('loads no answer in its own page, and frames none', async () => {
    const { get } = await startApp()
    for (const path of [...paths, '/healthz', '/readyz', '/nothing']) {
      const { headers } = await get(path)
      expect([headers.get('cross-origin-resource-policy'), headers.get('cross-origin-opener-policy')], path).toEqual([
        'same-origin',
        'same-origin'
      ])
      expect(headers.get('content-security-policy'), path).toMatch(/^default-src 'none';.*frame-ancestors 'none'$/)
      expect([headers.get('referrer-policy'), headers.get('access-control-allow-origin')], path).toEqual([
        // A form of the page says where it comes from, to the probe alone.
        path === '/' ? 'same-origin' : 'no-referrer',
        null
      ])
    }
  })
})

describe('the probe answers', () => {
  for (const host of [
    '127.0.0.1',
    '127.0.0.1:9815',
    '10.0.0.7:9815',
    '[::1]:9815',
    '[fd00::7]',
    '[fe80::7%eth0]:9815',
    'localhost',
    'LOCALHOST:80',
    'localhost.',
    hostname()
  ]) {
    test(`under ${host}, whatever the config`, async () => {
      const { raw } = await startApp()
      for (const path of closed) expect(await statusOf(raw, path, host), path).toBe('200')
    })
  }

  test('under the names that the config lists from now on, and those below one with an asterisk', async () => {
    let names = ['probe.example', '*.svc.cluster.local']
    const { raw } = await startApp({ names: () => names })
    for (const host of [
      'probe.example:9815',
      'Probe.Example',
      'privatelink-probe.privatelink.svc.cluster.local:9815'
    ]) {
      expect(await statusOf(raw, '/api/targets', host), host).toBe('200')
    }
    for (const host of ['www.probe.example', 'svc.cluster.local', 'evilsvc.cluster.local']) {
      expect(await statusOf(raw, '/api/targets', host), host).toBe('421')
    }
    names = []
    expect(await statusOf(raw, '/api/targets', 'probe.example')).toBe('421')
  })

  test('health under any name, for a load balancer that asks', async () => {
    const { raw } = await startApp()
    expect([await statusOf(raw, '/healthz', 'evil.example'), await statusOf(raw, '/readyz', 'evil.example')]).toEqual([
      '200',
      '200'
    ])
  })

  test('a client without names, of HTTP/1.0', async () => {
    const { raw } = await startApp()
    expect(await raw('GET /metrics HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1\.1 200 /)
  })
})
