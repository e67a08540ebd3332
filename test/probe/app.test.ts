import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { Agent, request } from 'node:https'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { Validator } from '@seriousme/openapi-schema-validator'
import { describe, expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { compress, gzipOf } from '../../probe/metrics/gzip.ts'
import { makeReport } from '../../probe/rounds/report.ts'
import { afterRound, newStanding, type Standing } from '../../probe/rounds/standing.ts'
import type { ImpairmentId } from '../../probe/suspicion/impairments.ts'
import { startApp } from '../support/app.ts'
import { makeAuthority } from '../support/certificates.ts'
import { awsTarget, evidence, gcpTarget } from '../support/evidence.ts'

const targetPath = `/api/targets/${awsTarget.name}`
const reader = { username: 'prometheus', password: 'correct horse' }
const basic = (username: string, password: string) => ({
  authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
})

describe('the app', () => {
  test('tells how all targets stand', async () => {
    const { get } = await startApp()
    const reply = await get('/api/targets')
    expect([reply.status, await reply.json()]).toEqual([
      200,
      {
        targets: [
          {
            name: awsTarget.name,
            state: 'failing',
            confirmed: false,
            heldBy: [],
            verdictAt: evidence().at,
            symptom: 'name_or_service_not_known',
            case: 'zone-not-visible',
            severity: 'critical',
            since: evidence().at,
            findings: ['endpoint-answers']
          },
          {
            name: gcpTarget.name,
            state: 'unknown',
            confirmed: false,
            heldBy: [],
            symptom: 'unknown',
            case: 'unknown',
            severity: 'warning',
            findings: []
          }
        ]
      }
    ])
  })

  test('tells why a target stands so, with steps that have its ids, its evidence and its rounds', async () => {
    const { get } = await startApp()
    const reported = z
      .looseObject({
        case: z.looseObject({ id: z.string(), remedy: z.array(z.looseObject({ run: z.string().optional() })) }),
        rounds: z.array(z.unknown()),
        evidence: z.looseObject({ at: z.number() })
      })
      .parse(await (await get(targetPath)).json())
    expect(reported.case.id).toBe('zone-not-visible')
    expect(reported.case.remedy.map(({ run }) => run)).toContain(
      'aws route53 list-hosted-zones-by-vpc --vpc-region us-west-2 --vpc-id vpc-0a1b2c3d4e5f60718'
    )
    expect(reported.rounds).toEqual([
      {
        at: evidence().at,
        seconds: 0.025,
        case: 'zone-not-visible',
        symptom: 'name_or_service_not_known',
        state: 'failing',
        findings: ['endpoint-answers'],
        heldBy: []
      }
    ])
    expect(reported.evidence.at).toBe(evidence().at)
    expect(Object.keys(reported.evidence)).not.toContain('traits')
  })

  test('tells whether three looks agree, of all targets and of one', async () => {
    const report = (heldBy: readonly ImpairmentId[] = []) => makeReport(evidence(), { seconds: 0.1, heldBy })
    const look = (before: Standing) => afterRound(before, report())
    const sure = look(look(look(newStanding(awsTarget))))
    for (const [standing, confirmed] of [
      [sure, true],
      [afterRound(sure, report(['no-network'])), false]
    ] as const) {
      const { get } = await startApp({ standings: { standings: () => [standing], standing: () => standing } })
      expect(await (await get('/api/targets')).json()).toMatchObject({ targets: [{ confirmed }] })
      expect(await (await get(targetPath)).json()).toMatchObject({ confirmed })
    }
  })

  test('tells of a target before its first round what it is, and no more', async () => {
    const { get } = await startApp()
    const reported = await (await get(`/api/targets/${gcpTarget.name}`)).json()
    expect(reported).toMatchObject({ target: gcpTarget, case: { id: 'unknown' }, findings: [], rounds: [] })
    expect(reported).not.toHaveProperty('evidence')
  })

  for (const path of [
    '/nothing',
    '/metrics/',
    '/api/targets/prod/search/nobody',
    '/api/targets/a/b',
    '/../etc/passwd'
  ]) {
    test(`knows nothing of ${path}`, async () => {
      const { get } = await startApp()
      const reply = await get(path)
      expect(reply.status).toBe(404)
      expect(await reply.json()).toEqual({ error: expect.stringMatching(/^(not found|no such target)$/) })
    })
  }

  for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND']) {
    test(`takes no ${method}`, async () => {
      const { raw } = await startApp()
      const reply = await raw(`${method} /metrics HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n`)
      expect(reply).toMatch(/^HTTP\/1\.1 40[04] /)
    })
  }

  test('answers HEAD as GET, without the body', async () => {
    const { raw } = await startApp()
    const reply = await raw('HEAD /api/targets HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n')
    expect(reply).toMatch(/^HTTP\/1\.1 200 /)
    expect(reply.split('\r\n\r\n')[1]).toBe('')
  })

  test('tells metrics in the format that is asked for', async () => {
    const { get } = await startApp()
    const plain = await get('/metrics')
    expect(plain.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
    const open = await get('/metrics', { accept: 'application/openmetrics-text;version=1.0.0,text/plain;q=0.5' })
    expect(open.headers.get('content-type')).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8')
    expect(await open.text()).toMatch(/\n# EOF\n$/)
  })

  test('lets nobody keep its answers, or take them for what they are not', async () => {
    const { get } = await startApp()
    for (const path of ['/metrics', '/healthz', '/api/targets', '/nothing']) {
      const { headers } = await get(path)
      expect([headers.get('cache-control'), headers.get('x-content-type-options')], path).toEqual([
        'no-store',
        'nosniff'
      ])
    }
  })

  test('says whether it is ready, and what is wrong with itself', async () => {
    const { get, ready, impairments } = await startApp()
    expect([(await get('/readyz')).status, await (await get('/healthz')).json()]).toEqual([200, { impairments: [] }])
    ready(false)
    impairments.push('clock-step')
    expect((await get('/readyz')).status).toBe(503)
    expect(await (await get('/healthz')).json()).toEqual({ impairments: ['clock-step'] })
  })

  test('describes every route in OpenAPI', async () => {
    const routes = new Set<string>()
    const { get, app } = await startApp()
    const described = z
      .looseObject({ paths: z.record(z.string(), z.unknown()) })
      .parse(await (await get('/openapi.json')).json())
    expect(await new Validator().validate(described)).toMatchObject({ valid: true })
    const printed = app.printRoutes({ commonPrefix: false, includeHooks: false })
    for (const path of Object.keys(described.paths)) routes.add(path)
    expect([...routes].toSorted()).toEqual([
      '/',
      '/api/targets',
      '/api/targets/{environment}/{link}/{cluster}',
      '/api/targets/{environment}/{link}/{cluster}/rounds',
      '/healthz',
      '/metrics',
      '/openapi.json',
      '/readyz',
      '/updates'
    ])
    const assets = ['page.js', 'idiomorph.js']
    expect(printed.match(/\((GET|POST)/g)).toHaveLength(routes.size + assets.length)
  })
})

describe('the log of the app', () => {
  const logged = () => {
    const lines: string[] = []
    return { lines, logger: { stream: { write: (line: string) => lines.push(line) } } }
  }
  const reported = (lines: readonly string[]) =>
    lines.map(line => z.looseObject({ msg: z.string() }).parse(JSON.parse(line)).msg.replace(/:\d+$/, ''))

  test('has no line for what people ask', async () => {
    const { lines, logger } = logged()
    const { get, raw } = await startApp({ logger, reader: () => reader })
    for (const path of ['/healthz', '/metrics', '/nothing']) await get(path)
    await get('/metrics', basic('prometheus', 'incorrect horse'))
    await raw('GET /\x1b[31m HTTP/1.1\r\n\r\n')
    expect(reported(lines)).toEqual(['Server listening at http://127.0.0.1'])
  })

  test('has a line for a bug, of which who asks learns nothing', async () => {
    const { lines, logger } = logged()
    const broken = () => {
      throw new Error('the bug')
    }
    const { get } = await startApp({ logger, standings: { standings: broken, standing: broken } })
    const reply = await get('/api/targets')
    expect([reply.status, await reply.json()]).toEqual([500, { error: 'internal error' }])
    expect(reported(lines).slice(1)).toEqual(['a bug, while answering'])
    expect(lines.at(-1)).toContain('Error: the bug')
  })

  test('has a line for a bug in the middle of an answer', async () => {
    const { lines, logger } = logged()
    const whole = gzipOf([compress('x'.repeat(1_000_000))])
    const { get } = await startApp({ logger, metrics: { write: async () => whole.subarray(0, -9) } })
    await expect(get('/metrics', { 'accept-encoding': 'identity' }).then(reply => reply.text())).rejects.toThrow()
    expect(lines.at(-1)).toContain('unexpected end of file')
  })
})

describe('with a password, the app', () => {
  const open = ['/healthz', '/readyz']
  const closed = [
    '/',
    '/page.js',
    '/updates?edition=a&revision=0',
    '/metrics',
    '/api/targets',
    targetPath,
    '/openapi.json'
  ]

  for (const { who, headers } of [
    { who: 'nobody', headers: {} },
    { who: 'who has another password', headers: basic('prometheus', 'incorrect horse') },
    { who: 'who has another name', headers: basic('grafana', 'correct horse') },
    { who: 'who has part of the password', headers: basic('prometheus', 'correct') },
    { who: 'who has none', headers: basic('prometheus', '') },
    { who: 'who has another kind of credentials', headers: { authorization: 'Bearer correct horse' } },
    { who: 'whose credentials cannot be read', headers: { authorization: 'Basic %%%' } }
  ]) {
    test(`answers ${who} of health alone`, async () => {
      const { get } = await startApp({ reader: () => reader })
      for (const path of open) expect((await get(path, headers)).status, path).toBe(200)
      for (const path of closed) {
        const reply = await get(path, headers)
        expect([reply.status, reply.headers.get('www-authenticate')], path).toEqual([
          401,
          expect.stringMatching(/^Basic realm="probe"/)
        ])
        expect(await reply.text()).not.toMatch(/privatelink|horse/)
      }
    })
  }

  test('answers who has it', async () => {
    const { get } = await startApp({ reader: () => reader })
    for (const path of [...open, ...closed])
      expect((await get(path, basic('prometheus', 'correct horse'))).status, path).toBe(200)
  })

  test('takes another one from now on', async () => {
    let now = reader
    const { get } = await startApp({ reader: () => now })
    now = { username: 'prometheus', password: 'battery staple' }
    expect((await get('/metrics', basic('prometheus', 'correct horse'))).status).toBe(401)
    expect((await get('/metrics', basic('prometheus', 'battery staple'))).status).toBe(200)
  })
})

test('with a certificate, the app speaks TLS, and nothing else', async () => {
  const authority = await makeAuthority()
  const { port, raw } = await startApp({ tls: await authority.issue(['probe.example']) })
  const agent = new Agent({ ca: authority.cert, servername: 'probe.example' })
  onTestFinished(() => agent.destroy())
  const [reply] = (await once(request({ host: '127.0.0.1', port, path: '/healthz', agent }).end(), 'response')) as [
    IncomingMessage
  ]
  expect([reply.statusCode, await text(reply)]).toEqual([200, '{"impairments":[]}'])
  expect(await raw('GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n')).not.toContain('200')
})

describe('who asks too much of the app', () => {
  test('has to wait, and a kubelet never', async () => {
    const { get } = await startApp()
    const states: number[] = []
    for (let times = 0; times < 601; times++) states.push((await get('/api/targets')).status)
    expect([states[599], states[600]]).toEqual([200, 429])
    expect((await get('/nothing')).status).toBe(429)
    const refused = await get('/metrics')
    expect([refused.status, Number(refused.headers.get('retry-after')) > 0]).toEqual([429, true])
    expect([(await get('/healthz')).status, (await get('/readyz')).status]).toEqual([200, 200])
  })

  test('with a body too large is refused', async () => {
    const { raw } = await startApp()
    const head = 'POST /metrics HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\nconnection: close\r\n'
    expect(await raw(`${head}content-length: 100000\r\n\r\n${'x'.repeat(2000)}`)).toMatch(/^HTTP\/1\.1 4(04|13) /)
  })

  test('with headers too large is refused', async () => {
    const { raw } = await startApp()
    expect(await raw(`GET /metrics HTTP/1.1\r\nhost: localhost\r\nx: ${'x'.repeat(9000)}\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 431 /
    )
  })

  test('with a path too long is refused', async () => {
    const { get } = await startApp()
    expect((await get(`/api/targets/a/b/${'c'.repeat(4000)}`)).status).toBe(414)
  })

  test('with what is not HTTP is cut off', async () => {
    const { raw } = await startApp()
    expect(await raw('\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n')).toMatch(/^(HTTP\/1\.1 400 |$)/)
  })
})

describe('when the app closes', () => {
  test('who is being answered is answered to the end', async () => {
    const [asked, closing] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const metrics = {
      write: async () => {
        asked.resolve()
        await closing.promise
        return gzipOf([compress('answered')])
      }
    }
    const { app, get } = await startApp({ metrics })
    const reply = get('/metrics')
    await asked.promise
    const closed = app.close()
    closing.resolve()
    expect(await (await reply).text()).toBe('answered')
    await closed
  })

  test('who does not read holds it up for a while only', async () => {
    const metrics = {
      // More than sockets take in that nobody reads.
      write: async () => gzipOf(Array.from({ length: 1000 }, () => compress('x'.repeat(65_536))))
    }
    const { app, port } = await startApp({ metrics })
    const socket = connect(port, '127.0.0.1')
    onTestFinished(() => {
      socket.destroy()
    })
    socket.write('GET /metrics HTTP/1.1\r\nhost: localhost\r\n\r\n')
    await once(socket, 'readable')
    await app.close()
    expect(app.server.listening).toBe(false)
  })
})
