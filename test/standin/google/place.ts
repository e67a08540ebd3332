import { optionalText, text } from '../attributes.ts'
import { CloudError } from '../cloud-error.ts'
import type { Attributes } from '../value.ts'

/** Where a regional resource is. */
export interface Place {
  readonly project: string
  readonly region: string
}

/** The place of a resource: what it says itself, or else what the provider says. */
export function placeOf(planned: Attributes, settings: Attributes): Place {
  const region = optionalText(planned, 'region') ?? optionalText(settings, 'region')
  if (region !== undefined) return { project: text(planned, 'project'), region }
  throw new CloudError("Cannot determine region: set in this resource, or set provider-level 'region' or 'zone'.")
}
