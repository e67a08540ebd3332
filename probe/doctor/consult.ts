import type { Case } from '../cases/case.ts'
import { type Diagnosis, diagnose } from '../cases/diagnose.ts'
import type { Evidence } from '../cases/evidence.ts'
import { clockAheadSeconds, ownFaults } from '../cases/own-faults.ts'
import { round, type Watch } from '../round.ts'

/** One round, and what it comes to. */
export interface Consultation {
  readonly evidence: Evidence
  readonly diagnosis: Diagnosis
  readonly verdict: 'healthy' | 'not-healthy' | 'could-not-tell'
  /** What is wrong with the machine that looks; then the case is not to be relied on. */
  readonly impairments: readonly string[]
  readonly seconds: number
}

/** Seconds by which a clock may be wrong before dates are judged by it in vain. */
const clockTolerance = 60

/** Looks at a target once, and judges it. */
export async function consult(watch: Watch, signal: AbortSignal): Promise<Consultation> {
  const start = performance.now()
  const evidence = await round(watch, signal)
  const diagnosis = diagnose(evidence)
  const impairments = impairmentsOf(evidence)
  return {
    evidence,
    diagnosis,
    verdict: verdictOf(diagnosis.case, impairments),
    impairments,
    seconds: (performance.now() - start) / 1000
  }
}

function impairmentsOf(evidence: Evidence): readonly string[] {
  const ahead = clockAheadSeconds(evidence) ?? 0
  const clock = `the clock is ${Math.abs(ahead).toFixed(0)} s ${ahead > 0 ? 'ahead of' : 'behind'} the server's`
  return [
    ...ownFaults(evidence).map(code => `the operating system refuses sockets (${code})`),
    ...(Math.abs(ahead) > clockTolerance ? [clock] : [])
  ]
}

function verdictOf({ id }: Pick<Case, 'id'>, impairments: readonly string[]): Consultation['verdict'] {
  if (id === 'unknown' || impairments.length > 0) return 'could-not-tell'
  return id === 'healthy' ? 'healthy' : 'not-healthy'
}
