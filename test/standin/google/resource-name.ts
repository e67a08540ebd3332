import { invalidField } from './google-error.ts'

/** Refuses a name that is not one of RFC 1035 of at most 63 characters. */
export function requireResourceName(doing: string, name: string): void {
  if (/^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/.test(name)) return
  throw invalidField(doing, 'name', name, "Must be a match of regex '(?:[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?)'")
}
