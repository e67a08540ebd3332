import { applicationCases } from './application-cases.ts'
import { anywhere, type Case } from './case.ts'
import { clientAddresses } from './client.ts'
import { nameCases } from './name-cases.ts'
import { isHealthy } from './reading.ts'
import { resolverCases } from './resolver-cases.ts'
import { scopeCases } from './scope-cases.ts'
import { tcpCases } from './tcp-cases.ts'
import { tlsCases } from './tls-cases.ts'

/** The last case: what nothing else says. */
export const unknownCase = {
  id: 'unknown',
  layer: undefined,
  severity: 'warning',
  matches: () => true,
  meaning: 'The probe could not look, or saw something that is in no case.',
  remedy: anywhere(() => [
    { do: "look at the probe's impairments and at the evidence; a case may be missing from the catalogue" }
  ])
} as const satisfies Case

/**
 * Every case, in the order in which they are judged: the first that matches is the case of a target. The order is that
 * in which a client meets the layers; among those of one layer, what says more comes before what says less. The last
 * matches anything.
 */
export const catalogue = [
  ...nameCases,
  ...resolverCases,
  ...scopeCases,
  ...tcpCases,
  ...tlsCases,
  ...applicationCases,
  {
    id: 'healthy',
    layer: undefined,
    severity: 'none',
    matches: evidence => clientAddresses(evidence).some(address => isHealthy(address, evidence.at)),
    meaning: 'Zilliz Cloud answers over the private link.',
    remedy: anywhere(() => [])
  },
  unknownCase
] as const satisfies readonly Case[]

/** The id of a case: a closed set. */
export type CaseId = (typeof catalogue)[number]['id']
