import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import { Config } from '../../../probe/config/config.ts'
import type { Loaded } from '../../../probe/config/source.ts'
import { createDaemon } from '../../../probe/daemon.ts'
import { createMetrics } from '../../../probe/metrics/metrics.ts'
import { trustIn } from '../../../probe/observers/trust.ts'
import type { Target } from '../../../probe/target.ts'
import { startEndpoint } from '../../support/endpoint.ts'
import { type Act, startHostileServer } from '../../support/hostile.ts'
import { a, nxdomain, soa, startResolver } from '../../support/resolver.ts'
import type { Kind } from '../kind.ts'
import { kind as certificate } from './certificate.ts'
import { kind as http1 } from './http1.ts'
import { kind as http2 } from './http2.ts'
import { kind as tls } from './tls.ts'

const example = (name: string) => readFileSync(join(import.meta.dirname, '../examples', name), 'utf8')

/** What the servers of two targets do with their next connections. */
interface Acts {
  /** Over TLS. */
  readonly secure: readonly Act[]
  /** In place of TLS. */
  readonly bare: readonly Act[]
}

const last: Act = { writes: [], upon: 'connect', finally: 'end' }
const patienceMs = 60_000
/** As many as a round tries. */
const addresses = Array.from({ length: 8 }, (_, index) => `127.0.0.${index + 1}`)

/** A whole daemon, two of whose targets lead to hostile servers. The third is well all the time. */
export const kind: Kind<Acts> = {
  batch: 2,
  // Thirty-two connections, and rounds of the third target meanwhile.
  cpuMs: 10_000,
  inputs: fc.record({
    secure: fc.array(fc.oneof(http2.inputs, http1.inputs, certificate.inputs), { minLength: 16, maxLength: 16 }),
    bare: fc.array(tls.inputs, { minLength: 16, maxLength: 16 })
  }),
  start: async () => {
    const identity = { cert: example('leaf.pem'), key: example('leaf-key.pem') }
    const open = new AsyncDisposableStack()
    const left: { secure: Act[]; bare: Act[] } = { secure: [], bare: [] }
    const everywhere = { address: '0.0.0.0' }
    const secure = open.use(
      await startHostileServer({ ...everywhere, tls: identity }, () => left.secure.shift() ?? last)
    )
    const bare = open.use(await startHostileServer(everywhere, () => left.bare.shift() ?? last))
    const good = open.use(await startEndpoint(identity))
    const resolver = open.use(
      await startResolver(({ name, type }) => {
        if (type !== 'A' || !name.endsWith('.b.example')) return nxdomain(soa('example'))
        return { answers: (name.startsWith('good') ? ['127.0.0.1'] : addresses).map(each => a(name, each)) }
      })
    )
    const bugs: unknown[] = []
    const daemon = createDaemon({
      metrics: createMetrics({ version: '0.0.0', settleMs: 0 }),
      onCaseChange: () => {},
      onImpairment: () => {},
      onBug: bug => bugs.push(bug)
    })
    open.defer(daemon.close)
    const loaded: Loaded = {
      config: Config.parse({
        targets: [target('secure', secure.port), target('bare', bare.port), target('good', good.port)],
        intervalSeconds: 1,
        libcIntervalSeconds: 0,
        allowLoopback: true
      }),
      resolvers: [resolver.resolver],
      trust: trustIn(example('authority.pem')),
      authorities: undefined,
      files: []
    }
    await daemon.apply(loaded)
    return {
      run: async input => {
        left.secure.push(...input.secure)
        left.bare.push(...input.bare)
        const rounds = daemon.standing(nameOf('good'))?.rounds[0]
        const end = performance.now() + patienceMs
        const isTaken = () => left.secure.length + left.bare.length === 0
        while (!isTaken() || daemon.standing(nameOf('good'))?.rounds[0] === rounds) {
          if (performance.now() > end) throw new Error('the daemon looks no more')
          await sleep(20)
        }
        if (bugs.length > 0) throw bugs[0]
        const verdict = daemon.standing(nameOf('good'))?.diagnosis.case.id
        if (verdict !== 'healthy') throw new Error(`the third target is ${verdict}`)
      },
      [Symbol.asyncDispose]: () => open.disposeAsync()
    }
  }
}

const nameOf = (host: string) => `prod/images/${host}`

function target(host: string, port: number): Target {
  return {
    cloud: 'gcp',
    name: nameOf(host),
    environment: 'prod',
    region: 'us-west1',
    host: `${host}.b.example`,
    port,
    endpointAddress: '127.0.0.1'
  }
}
