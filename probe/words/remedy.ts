import type { CaseId } from '../cases/catalogue.ts'
import type { FindingId } from '../cases/findings.ts'
import type { RemedySubject } from '../clouds/cloud.ts'
import type { Step } from '../clouds/step.ts'
import { cloudOf } from '../clouds.ts'
import { nominalEnvironments, type Target } from '../target.ts'

/** The steps to take for a target, on its cloud. */
export function stepsFor({ id }: { readonly id: CaseId | FindingId }, target: RemedySubject<Target>): readonly Step[] {
  const environment = isNominal(target.environment) ? '<environment>' : target.environment
  return cloudOf(target.cloud).stepsFor(id, { ...target, environment })
}

const isNominal = (environment: string) => nominalEnvironments.some(each => each === environment)
