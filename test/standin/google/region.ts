import { optionalText } from '../attributes.ts'
import { CloudError } from '../cloud-error.ts'
import type { Attributes } from '../value.ts'

/** The region of a resource: its own, or else that of the provider. */
export function regionOf(planned: Attributes, settings: Attributes): string {
  const region = optionalText(planned, 'region') ?? optionalText(settings, 'region')
  if (region !== undefined) return region
  throw new CloudError("Cannot determine region: set in this resource, or set provider-level 'region' or 'zone'.")
}
