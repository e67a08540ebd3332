import type { RemedySubject } from '../clouds/cloud.ts'
import { cloudOf } from '../clouds.ts'
import { nominalEnvironments, type Target } from '../target.ts'
import type { CaseId } from './catalogue.ts'
import type { FindingId } from './findings.ts'
import type { ShellCommand } from './shell.ts'

/** One step of a remedy. */
export interface Step {
  /** A possible cause, if packets do not distinguish the causes. Such steps are in the order of likelihood. */
  readonly cause?: string
  /** What to do, or to look at. */
  readonly do: string
  /** A shell command for it, with the target's ids in place, or a `<placeholder>` for one that is not known. */
  readonly run?: ShellCommand
}

/** The steps to take for a target, on its cloud. */
export function stepsFor({ id }: { readonly id: CaseId | FindingId }, target: RemedySubject<Target>): readonly Step[] {
  const environment = isNominal(target.environment) ? '<environment>' : target.environment
  return cloudOf(target.cloud).stepsFor(id, { ...target, environment })
}

const isNominal = (environment: string) => nominalEnvironments.some(each => each === environment)
