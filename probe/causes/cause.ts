import type { CaseId } from '../cases/catalogue.ts'
import { type Asked, whyUnanswered } from './asked.ts'
import type { CloudQuestion } from './question.ts'

/** Something in a cloud's configuration that can produce a case. Each cloud has an ordered list of them. */
export interface Cause<Id extends string, Facts, Target> {
  /** In metrics and reports. After the cloud's own analyser where that has a code. */
  readonly id: Id
  /** That analyser's code, by which people search. */
  readonly code?: string
  /** What is wrong if it is confirmed, as a clause without a full stop. */
  readonly title: string
  /** The cases that it can produce. */
  readonly explains: readonly CaseId[]
  /** The permissions by which what it is judged by is read, or the calls where there are none. */
  readonly readBy: readonly string[]
  /** Why no configuration ever confirms it, as a clause without a full stop. @default - it can be confirmed */
  readonly unconfirmed?: string
  /** Confirms it or rules it out. Pure and total. */
  readonly judge: (facts: Facts, question: CloudQuestion<Target>) => Ruling
}

/** What the configuration says of a cause. `text` is a clause without a full stop. */
export type Ruling =
  | {
      readonly ruling: 'confirmed'
      /** The object and the rule or value that proves it. */
      readonly text: string
      /**
       * What the commands of its remedy need, the first one first: the ids of the objects to change, then other values of the proof such as an
       * address, a range or a priority. What is not known is a placeholder in angle brackets.
       */
      readonly about: readonly string[]
    }
  /** By which object, rule or value. */
  | { readonly ruling: 'ruled-out'; readonly text: string }
  /** Why it is not known. */
  | { readonly ruling: 'not-known'; readonly text: string }

export const confirmed = (text: string, ...about: readonly string[]): Ruling => ({ ruling: 'confirmed', text, about })
export const ruledOut = (text: string): Ruling => ({ ruling: 'ruled-out', text })
export const notKnown = (text: string): Ruling => ({ ruling: 'not-known', text })

/** Judges by answers, if all are there. If not, the cause is not known, because of the first that is not. */
export function judgedBy<Needed extends Readonly<Record<string, Asked<unknown>>>>(
  needed: Needed,
  judge: (answers: AnswersOf<Needed>) => Ruling
): Ruling {
  const answers: Record<string, unknown> = {}
  for (const [name, asked] of Object.entries(needed)) {
    if (asked.kind === 'unanswered') return notKnown(whyUnanswered(asked))
    answers[name] = asked.answer
  }
  return judge(answers as AnswersOf<Needed>)
}

type AnswersOf<Needed> = {
  readonly [Name in keyof Needed]: Needed[Name] extends Asked<infer Answer> ? Answer : never
}

/** A cause that no configuration can confirm. It stays among the candidates, with the reason. */
export const unconfirmable = <Id extends string>(
  { id, title, explains }: { readonly id: Id; readonly title: string; readonly explains: readonly CaseId[] },
  why: string
): Cause<Id, unknown, unknown> => ({ id, title, explains, readBy: [], unconfirmed: why, judge: () => notKnown(why) })
