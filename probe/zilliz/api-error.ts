import { allClouds } from '../clouds.ts'
import { escapeProse } from '../facts/escape.ts'
import { OperatorError } from '../schema/operator-error.ts'

/** What kept Zilliz Cloud's API from answering, for a program to choose by. */
export type ApiFault =
  | 'no-key'
  | 'wrong-address'
  | 'key-refused'
  | 'no-permission'
  | 'no-such-cluster'
  | 'no-such-project'
  | 'no-such-region'
  | 'plan'
  | 'rate-limited'
  | 'server-fault'
  | 'unreachable'
  | 'too-slow'
  | 'not-understood'
  | 'refused'

/** The error line for the operator. */
export interface Explanation {
  readonly fault: ApiFault
  readonly happened: string
  readonly remedy: string
}

/** The message of the API, in addition to its answer. */
export interface ApiErrorDetails {
  /** The HTTP status. */
  readonly status?: number | undefined
  /** The API's own code, which it often sends with HTTP 200. */
  readonly code?: number | undefined
  /** The header `requestid`, which Zilliz Cloud's support asks for. */
  readonly requestId?: string | undefined
}

/** Thrown when Zilliz Cloud's API cannot be asked or does not answer; the message is one line that says what to do. */
export class ApiError extends OperatorError {
  override readonly name = 'ApiError'
  readonly fault: ApiFault
  readonly happened: string
  readonly remedy: string
  readonly status: number | undefined
  readonly code: number | undefined
  readonly requestId: string | undefined

  constructor({ fault, happened, remedy }: Explanation, reply: ApiErrorDetails = {}) {
    const { status, code, requestId } = reply
    const details = [
      status === undefined || status === 200 ? [] : [`HTTP ${status}`],
      code === undefined ? [] : [`code ${code}`],
      requestId === undefined ? [] : [`request ${requestId}`]
    ].flat()
    super([`${happened}${details.length === 0 ? '' : ` (${details.join(', ')})`}. ${remedy}`])
    this.fault = fault
    this.happened = happened
    this.remedy = remedy
    this.status = status
    this.code = code
    this.requestId = requestId
  }
}

const anotherKey = 'Set ZILLIZCLOUD_API_KEY to a key of'
const noPlan = {
  fault: 'plan',
  happened: 'its plan has no private link',
  remedy: 'Upgrade the cluster to the Enterprise plan or above in the Zilliz Cloud console.'
} as const
const keyRefused = {
  fault: 'key-refused',
  happened: 'the API key is refused',
  remedy: 'Set ZILLIZCLOUD_API_KEY to a key that the API Keys page of the Zilliz Cloud console lists.'
} as const
const notOwner = (of: string) =>
  ({
    fault: 'no-permission',
    happened: `the owner of the API key may not see the ${of}`,
    remedy: `${anotherKey} an Organization Owner or a Project Owner.`
  }) as const
const outOfScope = (of: string) =>
  ({
    fault: 'no-permission',
    happened: `the API key's scope leaves the ${of} out`,
    remedy: `Add its project to the key on the API Keys page of the Zilliz Cloud console.`
  }) as const
const otherOrganization = (of: string) =>
  ({
    fault: 'no-permission',
    happened: `the ${of} is of another organization than the API key`,
    remedy: `${anotherKey} its organization.`
  }) as const

const or = new Intl.ListFormat('en', { type: 'disjunction' })
const regionIds = allClouds.map(({ id, example: { region } }) => `${id}-${region}`)

/** The codes that say something which a person can do: https://docs.zilliz.com/reference/restful/error-codes-v2 */
const byCode: Readonly<Record<number, Explanation>> = {
  1800: keyRefused,
  21119: keyRefused,
  80001: keyRefused,
  80002: keyRefused,
  96001: {
    fault: 'no-such-region',
    happened: 'there is no such region',
    remedy: `Write it as Zilliz Cloud does, ${or.format(regionIds)}.`
  },
  96005: {
    fault: 'no-such-project',
    happened: 'there is no such project',
    remedy: "Copy its id, proj-…, from the console's address of the project."
  },
  96012: otherOrganization('project'),
  96013: notOwner('project'),
  96014: otherOrganization('cluster'),
  96015: notOwner('cluster'),
  96016: outOfScope('cluster'),
  96018: {
    fault: 'no-such-cluster',
    happened: 'there is no such cluster',
    remedy: "Copy its id, in01-…, from the cluster's page. It may have been dropped."
  },
  96021: noPlan,
  96022: noPlan,
  96027: outOfScope('project'),
  96028: noPlan,
  96036: {
    fault: 'no-such-cluster',
    happened: 'that is not the id of a cluster',
    remedy: "Copy it, in01-…, from the cluster's page."
  }
}

/** What a refusal means, if it means one thing that a person can do. */
export function explanationOf(status: number, code: number | undefined): Explanation | undefined {
  const explanation = code === undefined ? undefined : byCode[code]
  if (explanation !== undefined) return explanation
  if (status === 401) return keyRefused
  if (status === 403) {
    return {
      fault: 'no-permission',
      happened: 'the API key has no permission for it',
      remedy: 'Check the scope of the key, and who created it, on the API Keys page of the Zilliz Cloud console.'
    }
  }
  return undefined
}

/** The API's own words in a line of ours. */
export function quoted(words: string): string {
  return `"${escapeProse(words.trim(), 200)}"`
}
