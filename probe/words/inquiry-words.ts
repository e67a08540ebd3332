import { causeOf, type Inquiry, type JudgedCause } from '../causes/inquiry.ts'

/** The mark of a ruling: confirmed is wrong, ruled out is right. */
export const rulingMarks = { confirmed: '✘', 'ruled-out': '✔', 'not-known': '?' } as const satisfies Record<
  JudgedCause['ruling'],
  string
>

/** A ruling in words, to print before the cause. */
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
 * What the place of this machine means for a verdict, as sentences. `undefined` if the machine is in the network of the link, or if
 * that is not known and the cloud was not queried.
 */
export function elsewhereSentences({
  elsewhere,
  at
}: Pick<Inquiry, 'elsewhere'> & Partial<Inquiry>): string | undefined {
  if (elsewhere.ruling === 'not-known' && at !== undefined) {
    return `It is not known whether this machine is in the network of the link: ${elsewhere.text}. The verdict below is for this machine only.`
  }
  if (elsewhere.ruling !== 'confirmed') return undefined
  return `This verdict is for this machine only: ${elsewhere.text}. Clients in the network of the link may get another result.`
}

/** A clause as a sentence: `rule 3 denies it` becomes `Rule 3 denies it.` An identifier at its start, such as the name of a permission, does not change. */
function sentence(clause: string): string {
  const [first = ''] = clause.split(' ', 1)
  const start = /^[a-z]+[,:]?$/.test(first) ? `${clause.charAt(0).toUpperCase()}${clause.slice(1)}` : clause
  return /[.?!:]$/.test(start) ? start : `${start}.`
}
