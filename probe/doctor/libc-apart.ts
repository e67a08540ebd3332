import { clientPatienceMs } from '../facts/client-patience.ts'
import type { ObserveLibc } from '../observers/libc.ts'
import { createLibcLookups } from '../observers/libc-lookups.ts'
import { createLibcSamples } from '../rounds/libc-samples.ts'

/** glibc needs a moment more than ten seconds to say that a resolver does not answer. */
const patienceMs = clientPatienceMs + 500

/** Asks libc in a process of its own, which is ended afterwards: one in which a lookup hangs does not end by itself. */
export const observeLibcApart: ObserveLibc = async (host, limit, resolved) => {
  const lookups = createLibcLookups(bug => process.emitWarning(bug instanceof Error ? bug : String(bug)))
  try {
    const samples = createLibcSamples(lookups, patienceMs)
    samples.set([host], { sampleMs: 0, roundMs: 0 })
    return await samples.observe(host, limit, resolved)
  } finally {
    await lookups.close()
  }
}
