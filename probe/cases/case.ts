import type { Layer } from '../facts/observation.ts'
import type { Evidence } from './evidence.ts'

/** How bad it is: `critical` stops the link or its privacy, `warning` will or may, `info` is good to know. */
export const severities = ['none', 'info', 'warning', 'critical'] as const
export type Severity = (typeof severities)[number]

/** What a case and a finding have in common. */
interface CatalogueEntry<Id extends string> {
  /** Kebab-case; a metric label and the name of a runbook. */
  readonly id: Id
  /** The layer that shows it; `undefined` if none does. */
  readonly layer: Layer | undefined
  readonly severity: Severity
  /** What it means, in a sentence or two, for an operator who was just woken up. */
  readonly meaning: string
}

/** Why a link does not work. What to do about it is in each cloud's folder. */
export interface Case<Id extends string = string> extends CatalogueEntry<Id> {
  readonly matches: (evidence: Evidence) => boolean
}

/** Something wrong that does not stop the link. What to do about it is in each cloud's folder. */
export interface Finding<Id extends string = string> extends CatalogueEntry<Id> {
  /** Where it was found: addresses, resolvers or names. Nothing, if it was not. */
  readonly about: (evidence: Evidence) => readonly string[]
}
