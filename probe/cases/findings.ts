import type { Finding } from './case.ts'
import { intermittentFindings } from './intermittent.ts'
import { nameFindings } from './name-findings.ts'
import { pathFindings } from './path-findings.ts'
import { resolverFindings } from './resolver-findings.ts'

/** Everything that may be wrong without stopping a link, in the order in which a client meets it. */
export const findings = [
  ...nameFindings,
  ...resolverFindings,
  ...pathFindings,
  ...intermittentFindings
] as const satisfies readonly Finding[]

/** The id of a finding: a closed set. */
export type FindingId = (typeof findings)[number]['id']
