import { aws } from './clouds/aws/cloud.ts'
import type { Cloud } from './clouds/cloud.ts'
import { gcp } from './clouds/gcp/cloud.ts'

/** Every cloud there is. */
export const clouds = { aws, gcp } as const
export type CloudId = keyof typeof clouds

/** The same, in a row. */
export const allClouds = Object.values(clouds)

/** What is known of a cloud. */
export function cloudOf<Id extends CloudId>(id: Id): Cloud<Id, (typeof clouds)[Id]['target']> {
  const known: { readonly [Each in CloudId]: Cloud<Each, (typeof clouds)[Each]['target']> } = clouds
  return known[id]
}
