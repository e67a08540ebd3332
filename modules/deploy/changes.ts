import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'

/** What a plan does to one resource, as `terraform show -json` prints it. */
const Change = z.object({
  address: z.string(),
  previous_address: z.string().optional(),
  deposed: z.string().optional(),
  change: z.object({
    actions: z.array(z.string()),
    before: z.unknown().optional(),
    after: z.unknown().optional(),
    after_unknown: z.unknown().optional(),
    importing: z.unknown().optional()
  })
})

export type Change = z.output<typeof Change>

/** The changes of one plan. */
export const Changes = z.array(Change)
export type Changes = readonly Change[]

const Plan = z.object({ resource_changes: Changes.default([]), applyable: z.boolean().default(true) })

/**
 * Reads what `terraform show -json` prints of a plan.
 *
 * @returns what it changes, and whether there is anything to apply at all
 */
export function readPlan(json: string): { readonly changes: Changes; readonly isApplyable: boolean } {
  const { resource_changes, applyable } = Plan.parse(JSON.parse(json))
  return { changes: resource_changes.filter(isChange), isApplyable: applyable }
}

/**
 * The changes of a plan that an approved plan did not show. A change was shown if the approved plan has it with the same actions and
 * the same values, where each value that the approved plan did not know yet may be any.
 */
export function notShown(changes: Changes, approved: Changes): Changes {
  return changes.filter(change => !approved.some(shown => isSame(change, shown)))
}

function isChange({ change: { actions, importing } }: Change): boolean {
  return (importing !== undefined && importing !== null) || !actions.every(each => each === 'no-op' || each === 'read')
}

function isSame(now: Change, shown: Change): boolean {
  return (
    now.address === shown.address &&
    now.previous_address === shown.previous_address &&
    now.deposed === shown.deposed &&
    isDeepStrictEqual(now.change.actions, shown.change.actions) &&
    isDeepStrictEqual(now.change.importing, shown.change.importing) &&
    isDeepStrictEqual(now.change.before, shown.change.before) &&
    agrees(valuesOf(now), valuesOf(shown))
  )
}

interface Values {
  readonly known: unknown
  /** `true` where nothing below is known; otherwise the same shape as `known`, with `true` at what is not. */
  readonly unknown: unknown
}

const valuesOf = ({ change: { after, after_unknown } }: Change): Values => ({ known: after, unknown: after_unknown })

function agrees(now: Values, shown: Values): boolean {
  if (shown.unknown === true) return true
  if (now.unknown === true) return false
  const keys = new Set([now.known, now.unknown, shown.known, shown.unknown].flatMap(keysOf))
  if (keys.size === 0) return isDeepStrictEqual(now.known, shown.known)
  return [...keys].every(key => agrees(below(now, key), below(shown, key)))
}

function keysOf(value: unknown): readonly string[] {
  return typeof value === 'object' && value !== null ? Object.keys(value) : []
}

function below({ known, unknown }: Values, key: string): Values {
  return { known: member(known, key), unknown: member(unknown, key) }
}

function member(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).find(([name]) => name === key)?.[1]
    : undefined
}
