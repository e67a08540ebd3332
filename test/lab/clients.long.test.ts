import { afterAll, beforeAll, describe } from 'vitest'
import { diagnose } from '../../probe/cases/diagnose.ts'
import type { FindingId } from '../../probe/cases/findings.ts'
import type { Symptom } from '../../probe/cases/symptoms.ts'
import { testWith } from '../support/test-with.ts'
import { meaningOf, resolvedWithGlibc, resolvedWithMusl } from './clients/printed-symptom.ts'
import { type AllPrinted, clientTools, type RealClients, startRealClients } from './clients/real-clients.ts'
import { type Fault, faults } from './faults.ts'
import { type Lab, labTools, openLab } from './lab.ts'
import { run } from './namespace.ts'
import { healthyState, host, port } from './state.ts'

const test = testWith(...labTools, ...clientTools)

/** A lab, and applications on its client's host. */
interface Bench {
  readonly lab: Lab
  readonly real: RealClients
}

/** They wait more than they compute. */
const benches = 3

/** What says that a host resolves with glibc and not with musl. */
const muslFails: ReadonlySet<FindingId> = new Set(['aaaa-fails', 'aaaa-unanswered'])

/** What clients print that is not what the probe says. */
function disagreements(printed: AllPrinted, symptom: Symptom, others: Fault['others']) {
  return (['python', 'curl', 'grpc'] as const).flatMap(client => {
    // A client does not feel where its packets go.
    const expected = others?.[client] ?? (symptom === 'not_private' ? 'none' : symptom)
    return meaningOf(client, printed[client].printed).has(expected)
      ? []
      : [{ client, expected, printed: printed[client].printed }]
  })
}

describe('real clients print what the probe says that they print', () => {
  const stack = new AsyncDisposableStack()
  const free: Bench[] = []
  const waiting: ((bench: Bench) => void)[] = []
  const release = (bench: Bench) => {
    const next = waiting.shift()
    if (next === undefined) free.push(bench)
    else next(bench)
  }
  const acquire = (): Promise<Bench> => {
    const bench = free.pop()
    return bench === undefined ? new Promise(resolve => waiting.push(resolve)) : Promise.resolve(bench)
  }
  beforeAll(async () => {
    for (let index = 0; index < benches; index += 1) {
      const lab = stack.use(await openLab())
      const real = stack.use(await startRealClients(lab.client, lab.trusted))
      // glibc waits for a resolver's TCP as long as the kernel does: two minutes by default.
      await run('ip', 'netns', 'exec', lab.client.name, 'sysctl', '-qw', 'net.ipv4.tcp_syn_retries=1')
      free.push({ lab, real })
    }
  }, 60_000)
  afterAll(() => stack.disposeAsync(), 60_000)

  const steady: readonly Fault[] = [
    { name: 'nothing is wrong', set: state => state },
    ...faults.filter(({ byTurn }) => byTurn === undefined)
  ]
  test.for(steady)('where $name', { timeout: 60_000, concurrent: true }, async ({ set, others }, { expect }) => {
    const bench = await acquire()
    try {
      const { lab, real } = bench
      await lab.set(set(healthyState(lab.identities), lab.identities))
      const { symptom, findings } = diagnose(await lab.round())
      const printed = await real.ask({ host, port, seconds: 2 })
      expect(disagreements(printed, symptom, others)).toEqual([])
      // musl is content with a host's IPv4 addresses only if it hears that there are none of IPv6.
      const isHalf = findings.some(({ finding }) => muslFails.has(finding.id))
      if (resolvedWithGlibc(printed)) expect(resolvedWithMusl(printed)).toBe(!isHalf)
    } finally {
      release(bench)
    }
  })
})
