import { optionalText } from '../attributes.ts'
import { CloudError } from '../cloud-error.ts'
import { type Attributes, isList } from '../value.ts'

/** Refuses a text whose length is out of bounds, as the provider's SDK does. */
export function requireLength(config: Attributes, name: string, least: number, most: number): void {
  const value = optionalText(config, name)
  if (value === undefined || (value.length >= least && value.length <= most)) return
  throw new CloudError(`expected length of ${name} to be in the range (${least} - ${most}), got ${value}`)
}

/** Refuses a text of the wrong form, as the provider's SDK does. */
export function requireMatch(config: Attributes, name: string, pattern: RegExp, why: string): void {
  const value = optionalText(config, name)
  if (value === undefined || pattern.test(value)) return
  throw new CloudError(`invalid value for ${name} (${why})`)
}

/** Fails where a configuration uses what the stand-in does not play. */
export function requireUnused(type: string, config: Attributes, names: readonly string[]): void {
  for (const name of names) {
    const value = config[name] ?? null
    const isUnused = value === null || value === false || (isList(value) && value.length === 0)
    if (!isUnused) throw new Error(`the stand-in plays ${type} without ${name} only`)
  }
}
