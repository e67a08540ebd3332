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
 * The steps for a case or a finding, on the cloud of the target. If it was observed from a pod, the steps for Kubernetes come before
 * the step for "none of these".
 *
 * @param pod the pod that the probe or doctor runs in
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

/** The steps for a cause that the cloud's configuration, or Zilliz Cloud, confirms. */
export function stepsForCause(cause: ConfirmedCause, target: RemedySubject<Target>): readonly Step[] {
  return zillizCauseSteps(cause) ?? cloudOf(target.cloud).stepsForCause(cause, withoutNominal(target))
}

/**
 * The steps for a verdict. If a cause is confirmed, the steps for that cause; otherwise those for the case. If this machine is outside
 * the network of the link, the only step is to check again inside: the verdict from here proves nothing about that network.
 */
export function stepsForVerdict(
  found: { readonly id: CaseId },
  target: RemedySubject<Target>,
  inquiry: Pick<Inquiry, 'elsewhere' | 'causes'> | undefined,
  pod?: Pod
): readonly Step[] {
  if (inquiry === undefined) return stepsFor(found, target, pod)
  if (inquiry.elsewhere.ruling === 'confirmed' && found.id !== 'healthy') {
    return [
      { do: 'Run this check on a machine in the network of the link. Until then, change nothing in that network.' }
    ]
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
