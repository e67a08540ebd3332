import type { CaseId } from '../../probe/cases/catalogue.ts'
import type { FindingId } from '../../probe/cases/findings.ts'
import type { Symptom } from '../../probe/cases/symptoms.ts'
import type { Client } from './clients/real-clients.ts'
import { dns64Faults } from './dns64-faults.ts'
import { filterFaults } from './filter-faults.ts'
import { libcFaults } from './libc-faults.ts'
import { nameFaults } from './name-faults.ts'
import { pathFaults } from './path-faults.ts'
import { resolverFaults } from './resolver-faults.ts'
import type { Identities, LabState } from './state.ts'

/** Something that breaks the lab's private link, or could. */
export interface Fault {
  readonly name: string
  /** The state with the fault, from the one in which all is well. */
  readonly set: (healthy: LabState, identities: Identities) => LabState
  /** The clients that print something else than the symptom, and what. */
  readonly others?: Partial<Readonly<Record<Client, Symptom>>>
  /** Every second packet of a kind is lost: what a client prints depends on what was sent before. */
  readonly byTurn?: true
  /** What the probe makes of it; without it, only the symptom is compared with what clients print. */
  readonly sees?: { readonly case: CaseId; readonly symptom: Symptom; readonly findings: readonly FindingId[] }
}

/** Every fault of the catalogue that a network can produce. */
export const faults: readonly Fault[] = [
  ...nameFaults,
  ...libcFaults,
  ...resolverFaults,
  ...filterFaults,
  ...dns64Faults,
  ...pathFaults
]

/** The cases that only a resolver could produce that says why: the servers of the lab do not (RFC 8914). */
export const notInTheLab: ReadonlySet<CaseId> = new Set(['resolver-errs', 'tls-refused', 'unknown'])
