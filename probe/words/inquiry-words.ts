import { causeOf, type Inquiry, type JudgedCause } from '../causes/inquiry.ts'
import { sentence } from './sentence.ts'

/** How a ruling is marked: wrong, right, or not known. */
export const rulingMarks = { confirmed: '✘', 'ruled-out': '✔', 'not-known': '?' } as const satisfies Record<
  JudgedCause['ruling'],
  string
>

/** A ruling in words that precede the cause. */
export const rulingWords = {
  confirmed: 'confirmed',
  'ruled-out': 'ruled out',
  'not-known': 'not known'
} as const satisfies Record<JudgedCause['ruling'], string>

/** The cause of a case as a sentence. `undefined` if none is confirmed. */
export function causeSentence(inquiry: Pick<Inquiry, 'causes'> | undefined): string | undefined {
  const cause = inquiry === undefined ? undefined : causeOf(inquiry)
  return cause === undefined ? undefined : sentence(cause.text)
}

/**
 * What this machine's place means for a verdict, as sentences. `undefined` if it is in the network, or if nothing tells whether it is and the
 * cloud was not asked.
 */
export function elsewhereSentences({
  elsewhere,
  at
}: Pick<Inquiry, 'elsewhere'> & Partial<Inquiry>): string | undefined {
  if (elsewhere.ruling === 'not-known' && at !== undefined) {
    return `It is not known whether this machine is in the network of the link: ${elsewhere.text}. The following is judged from here.`
  }
  if (elsewhere.ruling !== 'confirmed') return undefined
  return `Judged from here: ${elsewhere.text}. Clients in the network of the link may get something else.`
}
