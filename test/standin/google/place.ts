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

/** The zone of a zonal resource: what it says itself, or else what the provider says. */
export function zoneOf(planned: Attributes, settings: Attributes): string {
  const zone = optionalText(planned, 'zone') ?? optionalText(settings, 'zone')
  if (zone !== undefined) return zone
  throw new CloudError('Cannot determine zone: set in this resource, or set provider-level zone.')
}

/** The region that a zone is in. */
export function regionOf(zone: string): string {
  return zone.replace(/-[a-z]$/, '')
}
