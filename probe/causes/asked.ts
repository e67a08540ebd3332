/** The result of a call to a cloud's API: its answer, or why there is none. Plain data. */
export type Asked<Answer> = { readonly kind: 'answered'; readonly answer: Answer } | Unanswered

export interface Unanswered {
  readonly kind: 'unanswered'
  /**
   * `not-asked`: something that the call needs is not known, which `detail` says as a clause.
   * `failed`: an error or an answer that should not occur, which `detail` quotes.
   */
  readonly because: 'denied' | 'throttled' | 'too-slow' | 'unreachable' | 'no-credentials' | 'failed' | 'not-asked'
  /** The call, as a policy of the cloud spells the permission for it. */
  readonly action: string
  /** Escaped for prose: it can come from the network. */
  readonly detail?: string
}

/** An answer. */
export const answered = <Answer>(answer: Answer): Asked<Answer> => ({ kind: 'answered', answer })

/** That a call was not made. @param detail what is not known, as a clause: `the id of the endpoint is not known` */
export const notAsked = (action: string, detail: string): Unanswered => ({
  kind: 'unanswered',
  because: 'not-asked',
  action,
  detail
})

/** The answer made of another, if there is one. */
export function mapped<From, To>(asked: Asked<From>, to: (answer: From) => To): Asked<To> {
  return asked.kind === 'answered' ? answered(to(asked.answer)) : asked
}

/** What needs an answer, once that is there. */
export async function after<From, To>(
  asked: Promise<Asked<From>>,
  then: (answer: From) => Promise<Asked<To>>
): Promise<Asked<To>> {
  const seen = await asked
  return seen.kind === 'answered' ? then(seen.answer) : seen
}

/** Why there is no answer, as a clause that follows "because". */
export function whyUnanswered({ because, action, detail = '' }: Unanswered): string {
  const more = detail === '' ? '' : ` (${detail})`
  switch (because) {
    case 'denied':
      return `${action} was denied`
    case 'throttled':
      return `${action} was throttled`
    case 'too-slow':
      return `${action} was not answered in time`
    case 'unreachable':
      return `the API for ${action} cannot be reached${more}`
    case 'no-credentials':
      return `there are no credentials for ${action}${more}`
    case 'failed':
      return `${action} failed${more}`
    case 'not-asked':
      return detail
  }
}
