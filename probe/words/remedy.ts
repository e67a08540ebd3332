import type { CaseId } from '../cases/catalogue.ts'
import type { FindingId } from '../cases/findings.ts'
import { type ConfirmedCause, causeOf, type Inquiry } from '../causes/inquiry.ts'
import type { RemedySubject } from '../clouds/cloud.ts'
import { podRemedies } from '../clouds/pod-remedies.ts'
import type { Step } from '../clouds/step.ts'
import { noneOfThese } from '../clouds/steps.ts'
import { cloudOf } from '../clouds.ts'
import type { Pod } from '../facts/pod.ts'
import { zillizCauseSteps } from '../inquiries/zilliz-cause-steps.ts'
import { nominalEnvironments, type Target } from '../target.ts'

/**
 * The steps to take for a target, on its cloud. If it was looked at from a pod, what Kubernetes adds comes before the step that is left
 * when no candidate is the cause.
 */
export function stepsFor(
  { id }: { readonly id: CaseId | FindingId },
  target: RemedySubject<Target>,
  pod?: Pod
): readonly Step[] {
  const subject = withoutNominal(target)
  const onCloud = cloudOf(target.cloud).stepsFor(id, subject)
  const inPod = pod === undefined ? [] : (podRemedies[id]?.(pod, subject) ?? [])
  const last = onCloud.findIndex(({ cause }) => cause === noneOfThese)
  return onCloud.toSpliced(last < 0 ? onCloud.length : last, 0, ...inPod)
}

/** The steps to take about a cause that the cloud's configuration confirms. */
export function stepsForCause(cause: ConfirmedCause, target: RemedySubject<Target>): readonly Step[] {
  return zillizCauseSteps(cause) ?? cloudOf(target.cloud).stepsForCause(cause, withoutNominal(target))
}

/**
 * The steps to take about a case: about its cause, if one is confirmed. From a machine outside the network of the link, to check
 * again inside: nothing of that network is known to be wrong.
 */
export function stepsForVerdict(
  found: { readonly id: CaseId },
  target: RemedySubject<Target>,
  inquiry: Pick<Inquiry, 'elsewhere' | 'causes'> | undefined,
  pod?: Pod
): readonly Step[] {
  if (inquiry === undefined) return stepsFor(found, target, pod)
  if (inquiry.elsewhere.ruling === 'confirmed' && found.id !== 'healthy') {
    return [{ do: 'run this check on a machine in the network of the link, and change nothing there before' }]
  }
  const cause = causeOf(inquiry)
  const steps = cause === undefined ? [] : stepsForCause(cause, target)
  return steps.length > 0 ? steps : stepsFor(found, target, pod)
}

function withoutNominal(target: RemedySubject<Target>): RemedySubject<Target> {
  return nominalEnvironments.some(each => each === target.environment)
    ? { ...target, environment: '<environment>' }
    : target
}
