import { CloudError } from '../cloud-error.ts'

// The messages are Google's where people have quoted them; the rest are worded in their manner.

type Status = 400 | 404 | 409 | 413

/** An error of a Google API as the Google provider shows it: what it was doing, then the status, message and reason. */
export function googleError(doing: string, status: Status, message: string, reason?: string): CloudError {
  return new CloudError(`${doing}: ${googleAnswer(status, message, reason)}`)
}

/** What the client makes of an error of a Google API; the newer APIs give no reason. */
export function googleAnswer(status: Status, message: string, reason?: string): string {
  return `googleapi: Error ${status}: ${message}${reason === undefined ? '' : `, ${reason}`}`
}

/** Refuses a value of a field. */
export function invalidField(doing: string, field: string, value: string, why: string): CloudError {
  return googleError(doing, 400, `Invalid value for field 'resource.${field}': '${value}'. ${why}`, 'invalid')
}

/** Refuses a name that is taken. */
export function alreadyExists(doing: string, path: string): CloudError {
  return googleError(doing, 409, `The resource '${path}' already exists`, 'alreadyExists')
}

/** Refuses to go on without something. */
export function notFound(doing: string, path: string): CloudError {
  return googleError(doing, 404, `The resource '${path}' was not found`, 'notFound')
}

/** Refuses a value that is too long, or too many values. */
export function tooLarge(doing: string, field: string, most: number, actual: number): CloudError {
  const message = `Value for field '${field}' is too large: maximum size ${most} character(s); actual size ${actual}.`
  return googleError(doing, 413, message, 'fieldSizeTooLarge')
}

/** Refuses a value of an entity of Cloud DNS. */
export function invalidEntity(doing: string, entity: string, value: string): CloudError {
  return googleError(doing, 400, `Invalid value for 'entity.${entity}': '${value}'`, 'invalid')
}
