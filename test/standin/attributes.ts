import { type Attributes, isAttributes, isList, type Value } from './value.ts'

/** Reads a string that must be there. */
export function text(attributes: Attributes, name: string): string {
  const value = attributes[name]
  if (typeof value !== 'string') throw new Error(`attribute ${name} must be a string, got ${String(value)}`)
  return value
}

/** Reads a string; null, absent and unknown are undefined. */
export function optionalText(attributes: Attributes, name: string): string | undefined {
  const value = attributes[name]
  return typeof value === 'string' ? value : undefined
}

/** Reads a number; null, absent and unknown are undefined. */
export function optionalNumber(attributes: Attributes, name: string): number | undefined {
  const value = attributes[name]
  return typeof value === 'number' ? value : undefined
}

/** Reads a boolean; null, absent and unknown are false, as the providers' SDK has it. */
export function flag(attributes: Attributes, name: string): boolean {
  return attributes[name] === true
}

/** Reads a list or set of strings; null and absent are empty. */
export function texts(attributes: Attributes, name: string): string[] {
  return list(attributes, name).filter(value => typeof value === 'string')
}

/** Reads a map of strings; null and absent are empty. */
export function textMap(attributes: Attributes, name: string): Record<string, string> {
  const value = attributes[name]
  if (!isAttributes(value)) return {}
  return Object.fromEntries(Object.entries(value).filter((entry): entry is [string, string] => isText(entry[1])))
}

/** Reads the blocks of one kind; null, absent and unknown are none. */
export function blocks(attributes: Attributes, name: string): Attributes[] {
  return list(attributes, name).filter(isAttributes)
}

function list(attributes: Attributes, name: string): readonly Value[] {
  const value = attributes[name]
  return isList(value) ? value : []
}

function isText(value: Value): value is string {
  return typeof value === 'string'
}
