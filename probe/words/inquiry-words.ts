import { causeOf, type Inquiry, type JudgedCause } from '../causes/inquiry.ts'

/** How a ruling is marked: wrong, right, or not known. */
export const rulingMarks = { confirmed: '✘', 'ruled-out': '✔', 'not-known': '?' } as const satisfies Record<
  JudgedCause['ruling'],
  string
>

/** A cause in a line: what it is, and what the configuration says of it. */
export function judgedLine({ title, ruling, text }: JudgedCause): string {
  switch (ruling) {
    case 'confirmed':
      return `${title}: ${text}`
    case 'ruled-out':
      return `not that ${title}: ${text}`
    case 'not-known':
      return `whether ${title} is not known: ${text}`
  }
}

/** The cause of a case as a sentence. `undefined` if none is confirmed. */
export function causeSentence(inquiry: Pick<Inquiry, 'causes'> | undefined): string | undefined {
  const cause = inquiry === undefined ? undefined : causeOf(inquiry)
  return cause === undefined ? undefined : sentence(cause.text)
}

/** What this machine's place means for a verdict, as sentences. `undefined` if it is not known to be outside. */
export function elsewhereSentences({ elsewhere }: Pick<Inquiry, 'elsewhere'>): string | undefined {
  if (elsewhere.ruling !== 'confirmed') return undefined
  return `${sentence(elsewhere.text)} This is what this machine gets; clients in the network of the link may get something else.`
}

const sentence = (clause: string) => `${clause.charAt(0).toUpperCase()}${clause.slice(1)}.`
