import type { Mistake } from './mistakes.ts'
import { isResolvable } from './token.ts'
import { type Vendor, vendorOf, type ZillizOption, zillizOf } from './zilliz/zilliz-option.ts'

/** The endpoint of a link: one that the link makes, with what it is made of, or one that others made. */
export type LinkEndpoint<Own, Others> =
  | { readonly kind: 'managed'; readonly vendor: Vendor; readonly own: Own }
  | { readonly kind: 'existing'; readonly zilliz: ZillizOption | undefined; readonly others: Others }

/** What a link says of its endpoint, of options that agree with each other. */
export interface EndpointOptions<Own, Others> {
  readonly endpoint: Others | undefined
  /** The endpoint service or service attachment. */
  readonly service: string | undefined
  readonly zilliz: ZillizOption | undefined
  /** Undefined if a field that a link without `endpoint` needs is missing. */
  readonly own: Own | undefined
}

/** Reads which endpoint a link has. */
export function linkEndpointOf<Own, Others>({
  endpoint,
  service,
  zilliz,
  own
}: EndpointOptions<Own, Others>): LinkEndpoint<Own, Others> {
  if (endpoint !== undefined) return { kind: 'existing', zilliz, others: endpoint }
  if (own === undefined) throw new Error('a link that was read has an endpoint of its own or one of others')
  return { kind: 'managed', vendor: vendorOf(service, zilliz), own }
}

/** How two links part that would both register one endpoint of others. */
export const sharedRegistration = 'Write registered: true in the zilliz of one of them.'

/** The option `zilliz` of a link. */
export function zillizOfEndpoint(endpoint: LinkEndpoint<unknown, unknown>): ZillizOption | undefined {
  return endpoint.kind === 'managed' ? zillizOf(endpoint.vendor) : endpoint.zilliz
}

/** The mistake's line for a field that says how a link makes its own endpoint. */
export const noMeaning = 'has no meaning with endpoint, which names an endpoint of others. Remove it.'

/**
 * What is wrong between `endpoint` and the fields that say how a link makes its own.
 *
 * @param link as read; fields may have their defaults
 * @param own the names of these fields
 * @param needed those that a link without `endpoint` cannot be without, and what to give
 */
export function endpointMistakes(
  link: { readonly endpoint?: unknown },
  own: readonly string[],
  needed: Readonly<Record<string, string>>
): readonly Mistake[] {
  const given = new Map<string, unknown>(Object.entries(link))
  if (link.endpoint === undefined) {
    return Object.entries(needed).flatMap(([name, form]) =>
      given.get(name) === undefined ? [{ path: [name], message: `is missing. Give ${form}.` }] : []
    )
  }
  return [...own, ...Object.keys(needed)].flatMap(name =>
    isGiven(given.get(name)) ? [{ path: [name], message: noMeaning }] : []
  )
}

/** Whether a field is given, and not the default of a list, an object or a flag. */
function isGiven(value: unknown): boolean {
  if (value === undefined || value === false) return false
  if (typeof value !== 'object' || value === null || isResolvable(value)) return true
  return Object.values(value).some(isGiven)
}
