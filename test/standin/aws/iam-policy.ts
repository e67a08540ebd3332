import { CloudError } from '../cloud-error.ts'
import type { Value } from '../value.ts'

/** Refuses a document that is no JSON object, as the provider does before it asks IAM. */
export function requirePolicyJson(value: unknown, argument: string): void {
  if (typeof value !== 'string') return
  const refuse = (why: string) => new CloudError(`"${argument}" contains an invalid JSON policy: ${why}`)
  if (value === '') throw new CloudError(`"${argument}" is an empty string, which is not a valid JSON value`)
  if (/^\s/.test(value)) throw refuse('leading space characters are not allowed')
  if (value.startsWith('"')) throw refuse('contains a JSON-encoded string, not a JSON-encoded object')
  if (value.startsWith('[')) throw refuse('contains a JSON array, not a JSON object')
  if (!value.startsWith('{')) throw refuse('not a JSON object')
  if (parsePolicy(value) === undefined) throw refuse('the document is not valid JSON')
}

/** Whether two policies say the same: keys in any order, lists as sets, and one thing as a list of one. */
export function isSamePolicy(before: Value, after: Value): boolean {
  if (typeof before !== 'string' || typeof after !== 'string') return false
  const [left, right] = [parsePolicy(before), parsePolicy(after)]
  return left !== undefined && right !== undefined && meaningOf(left) === meaningOf(right)
}

/** What IAM finds wrong with the policy that says who may assume a role. */
export function faultOfTrust(document: string): string | undefined {
  const statements = statementsOf(document)
  if (statements === undefined) return 'This policy contains invalid Json'
  if (statements.length === 0) return 'Missing required field Statement'
  for (const statement of statements) {
    if ('Resource' in statement) return 'Has prohibited field Resource'
    for (const field of ['Effect', 'Principal', 'Action']) {
      if (!(field in statement)) return `Missing required field ${field}`
    }
  }
  return undefined
}

/** What IAM finds wrong with a policy inside a role. */
export function faultOfPermissions(document: string): string | undefined {
  const statements = statementsOf(document)
  if (statements === undefined || statements.length === 0) return 'Syntax errors in policy.'
  for (const statement of statements) {
    if ('Principal' in statement) return 'Policy document should not specify a principal.'
    if (!('Action' in statement || 'NotAction' in statement)) return 'Policy statement must contain actions.'
    if (!('Resource' in statement || 'NotResource' in statement)) return 'Policy statement must contain resources.'
    if (!['Allow', 'Deny'].includes(String(statement.Effect))) return 'Syntax errors in policy.'
  }
  return undefined
}

/** Whether a service of AWS, such as `ecs-tasks.amazonaws.com`, may assume a role. */
export function trustsService(document: string, service: string): boolean {
  return (statementsOf(document) ?? []).some(
    ({ Effect, Principal, Action }) =>
      Effect === 'Allow' &&
      isObject(Principal) &&
      listOf(Principal.Service).includes(service) &&
      listOf(Action).includes('sts:AssumeRole')
  )
}

interface JsonObject {
  readonly [name: string]: unknown
}

function parsePolicy(document: string): JsonObject | undefined {
  try {
    const parsed: unknown = JSON.parse(document)
    return isObject(parsed) ? parsed : undefined
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

function statementsOf(document: string): readonly JsonObject[] | undefined {
  const policy = parsePolicy(document)
  if (policy === undefined) return undefined
  const statements = listOf(policy.Statement)
  return statements.every(isObject) ? statements : undefined
}

function meaningOf(value: unknown): string {
  if (Array.isArray(value)) {
    const meanings = value.map(meaningOf).toSorted()
    return meanings.length === 1 ? `${meanings[0]}` : `[${meanings.join(',')}]`
  }
  if (!isObject(value)) return JSON.stringify(value) ?? 'null'
  const members = Object.entries(value).map(([name, member]) => `${JSON.stringify(name)}:${meaningOf(member)}`)
  return `{${members.toSorted().join(',')}}`
}

function listOf(value: unknown): readonly unknown[] {
  if (value === undefined) return []
  return Array.isArray(value) ? value : [value]
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
