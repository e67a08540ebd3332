import type { Cause, Ruling } from './cause.ts'
import type { CloudQuestion } from './question.ts'

/** A cause as far as the configuration tells. */
export type JudgedCause = Ruling & {
  readonly id: string
  readonly code?: string
  readonly title: string
  /** Whether it can produce the case. If not, it is about to break something, or explains a finding. */
  readonly isCandidate: boolean
}

/** A cause that the configuration proves. */
export type ConfirmedCause = Extract<JudgedCause, { readonly ruling: 'confirmed' }>

/** The result of reading a cloud's configuration. Plain data. */
export interface Inquiry {
  /** Unix time in seconds. */
  readonly at: number
  readonly seconds: number
  /**
   * Whether this machine is outside the network of the link: then what clients of the link get cannot be seen from here.
   * `confirmed` if it is outside.
   */
  readonly elsewhere: Ruling
  /** The causes that can produce the case, in the order of the list, and any other cause that is confirmed. */
  readonly causes: readonly JudgedCause[]
}

/** Judges every cause of a cloud by what its configuration says. Pure. */
export function judgeCauses<Facts, Target>(
  causes: readonly Cause<string, Facts, Target>[],
  facts: Facts,
  question: CloudQuestion<Target>
): readonly JudgedCause[] {
  return causes.flatMap(({ id, code, title, explains, judge }) => {
    const isCandidate = explains.includes(question.case)
    const ruling = judge(facts, question)
    if (!isCandidate && ruling.ruling !== 'confirmed') return []
    return [{ id, ...(code === undefined ? {} : { code }), title, isCandidate, ...ruling }]
  })
}

/** The cause of the case: the first candidate that is confirmed. `undefined` if none is. */
export function causeOf({ causes }: Pick<Inquiry, 'causes'>): ConfirmedCause | undefined {
  return causes.filter(each => each.ruling === 'confirmed').find(({ isCandidate }) => isCandidate)
}
