import { textMap } from '../attributes.ts'
import type { Change } from '../provider.ts'
import { type Attributes, isWhollyKnown, unknown } from '../value.ts'

const attributionKey = 'goog-terraform-provisioned'

/** Whether the provider marks a type of resource as made by Terraform. */
export type Attribution = 'attributed' | 'unattributed'

/** Plans the labels under Terraform's care and those in effect: the provider's defaults under the resource's own. */
export function planLabels({ prior, config, planned }: Change, settings: Attributes, attribution: Attribution): void {
  if (!isWhollyKnown(config.labels ?? null)) {
    planned.terraform_labels = unknown
    planned.effective_labels = unknown
    return
  }
  const before = prior === undefined ? {} : textMap(prior, 'terraform_labels')
  const inEffect = prior === undefined ? {} : textMap(prior, 'effective_labels')
  const isMarked =
    attribution === 'attributed' &&
    settings.add_terraform_attribution_label !== false &&
    (prior === undefined ||
      attributionKey in inEffect ||
      settings.terraform_attribution_label_addition_strategy === 'PROACTIVE')
  const managed = {
    ...textMap(settings, 'default_labels'),
    ...(isMarked ? { [attributionKey]: 'true' } : {}),
    ...textMap(config, 'labels')
  }
  const foreign = Object.entries(inEffect).filter(([key]) => !(key in before))
  planned.terraform_labels = managed
  planned.effective_labels = { ...Object.fromEntries(foreign), ...managed }
}

/** Derives from the labels in effect those under Terraform's care. */
export function readLabels(seen: Attributes, state: Attributes): Attributes {
  if (!('effective_labels' in seen)) return seen
  const inEffect = Object.entries(textMap(seen, 'effective_labels'))
  const those = (name: string) => Object.fromEntries(inEffect.filter(([key]) => key in textMap(state, name)))
  return { ...seen, labels: those('labels'), terraform_labels: those('terraform_labels') }
}
