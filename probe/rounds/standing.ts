import { unknownCase } from '../cases/catalogue.ts'
import type { Diagnosis } from '../cases/diagnose.ts'
import type { Evidence, RecentRound } from '../cases/evidence.ts'
import { remember } from '../cases/recent.ts'
import type { Inquiry } from '../causes/inquiry.ts'
import type { IdleFound } from '../idle/idle-found.ts'
import type { ImpairmentId } from '../suspicion/impairments.ts'
import type { Target } from '../target.ts'
import { type Confirmed, confirmedBy, nothingConfirmed } from './confirmed.ts'
import { type Outline, outline, type Report } from './report.ts'

/** The state of a target: the verdict that counts, and the rounds behind it. */
export interface Standing {
  readonly target: Target
  readonly diagnosis: Diagnosis
  /** When the case became what it is: Unix time in seconds. `undefined` before the first verdict. */
  readonly since: number | undefined
  /** What the verdict was made from; `undefined` before the first. */
  readonly evidence: Evidence<Target> | undefined
  /** What the cloud's configuration says of the case. `undefined` if it was not asked, or has not answered yet. */
  readonly inquiry: Inquiry | undefined
  /** The results of idle connections. `undefined` if none has ended yet. No verdict depends on them. */
  readonly idle: IdleFound | undefined
  /** What may have falsified the last round, so that the verdict is that of an earlier one. Empty if it counted. */
  readonly heldBy: readonly ImpairmentId[]
  /** The newest first. */
  readonly rounds: readonly Outline[]
  /** What the newest rounds that counted agree on. Nothing is confirmed while the verdict is held. */
  readonly confirmed: Confirmed
  /** The results of the last counted rounds, the newest first. Later rounds are judged by them. */
  readonly recent: readonly RecentRound[]
}

const mostRounds = 20

/** What is known before the first verdict. */
const unjudged: Diagnosis = { symptom: 'unknown', state: 'unknown', case: unknownCase, findings: [] }

/** The state of a target before its first round. */
export function newStanding(target: Target): Standing {
  return {
    target,
    diagnosis: unjudged,
    since: undefined,
    evidence: undefined,
    inquiry: undefined,
    idle: undefined,
    heldBy: [],
    rounds: [],
    confirmed: nothingConfirmed,
    recent: []
  }
}

/** How a target stands after a round. A held report is remembered, and changes no verdict: that is out of date now. */
export function afterRound(before: Standing, report: Report): Standing {
  const { diagnosis, evidence, heldBy } = report
  const rounds = [outline(report, before.rounds[0]), ...before.rounds.slice(0, mostRounds - 1)]
  if (heldBy.length > 0) return { ...before, heldBy, rounds, confirmed: nothingConfirmed }
  const same = before.since !== undefined && before.diagnosis.case.id === diagnosis.case.id
  return {
    target: before.target,
    diagnosis,
    since: same ? before.since : evidence.at,
    evidence,
    inquiry: same && diagnosis.state !== 'healthy' ? before.inquiry : undefined,
    idle: before.idle,
    heldBy,
    rounds,
    confirmed: confirmedBy(rounds),
    recent: remember(before.recent, evidence)
  }
}
