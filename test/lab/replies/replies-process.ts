import { symptomOf } from '../../../probe/cases/symptom.ts'
import type { Symptom } from '../../../probe/cases/symptoms.ts'
import { trustIn } from '../../../probe/observers/trust.ts'
import { round } from '../../../probe/rounds/round.ts'
import { startResolver } from '../../support/resolver.ts'
import { replyTo } from './reply-kinds.ts'

/** The names to look at; the answer is the symptom of each, as the resolver's replies alone have it. */
export type Names = readonly string[]

// It has the port of a resolver, and nothing listens there over TCP.
const { resolver } = await startResolver(replyTo, { port: 53, tcp: 'closed' })
const trust = trustIn(undefined)
/** More, and the resolver, which is in this process, is late. */
const atOnce = 16
const budget = { dns: 1500, tcp: 200, tls: 200, application: 200 }

const look = async (host: string) => {
  const target = {
    cloud: 'gcp',
    name: 'lab/replies',
    environment: 'lab',
    region: 'us-west1',
    host,
    port: 19531
  } as const
  const watch = { target, resolvers: [resolver], observeLibc: undefined, trust, budget, allowLoopback: false }
  return symptomOf(await round(watch, new AbortController().signal))
}

process.on('message', async (names: Names) => {
  const symptoms: Symptom[] = []
  const left = names.entries()
  const work = async () => {
    for (const [index, name] of left) symptoms[index] = await look(name)
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  process.send?.(symptoms)
})
process.on('disconnect', () => process.exit())
process.send?.('listening')
