import type { Claim } from '../claim.ts'
import { statePlace } from './backend.ts'
import type { Environment } from './environment.ts'

/** A claim and where it is written: `prod: links.search`. */
interface Owned extends Claim {
  readonly owner: string
}

/**
 * What two environments, or two links of one, would both own. Found before a deploy, because a cloud finds it in the
 * middle of one, or not at all: it may replace a record of the same name without a word.
 *
 * @returns one line for each conflict, naming both owners and the way out
 */
export function conflicts(environments: readonly Environment[]): readonly string[] {
  const firsts = new Map<string, Owned>()
  return environments.flatMap(claimsOf).flatMap(claim => {
    const first = firsts.get(claim.what)
    if (first === undefined) firsts.set(claim.what, claim)
    if (first === undefined || (first.sharedBy !== undefined && first.sharedBy === claim.sharedBy)) return []
    return [`${claim.owner}: owns ${claim.what}, and so does ${first.owner}. ${claim.wayOut}`]
  })
}

function claimsOf({ name, backend, links }: Environment): readonly Owned[] {
  const state = { what: `the state in ${statePlace(name, backend)}`, wayOut: 'Give one of them a place of its own.' }
  return [
    { ...state, owner: `${name}: backend` },
    ...Object.entries(links).flatMap(([link, { claims }]) =>
      claims.map(claim => ({ ...claim, owner: `${name}: links.${link}` }))
    )
  ]
}
