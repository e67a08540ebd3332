import { ConfigError } from '../schema/read.ts'
import { beyondBounds } from './bounds.ts'
import { parseJson } from './parse-json.ts'
import { parseYaml } from './parse-yaml.ts'

/**
 * Parses what a file holds: JSON if its name ends in `.json`, else YAML, of which JSON is a part. The value is a tree of limited
 * size. Here is the boundary around the parsers: whatever they throw becomes a line.
 *
 * @param where what every line starts with
 * @throws ConfigError with one line for each mistake
 */
export async function parse(written: string, where: string, isJson = /\.json$/i.test(where)): Promise<unknown> {
  const value = await parsed(written, where, isJson)
  if (value === undefined || value === null) {
    throw new ConfigError([`${where}: is empty. Check whether something should have written it.`])
  }
  const mistake = beyondBounds(value)
  if (mistake !== undefined) throw new ConfigError([`${where}: ${mistake}`])
  return value
}

async function parsed(written: string, where: string, isJson: boolean): Promise<unknown> {
  if (written.trim() === '') return undefined
  try {
    return isJson ? parseJson(written, where) : await parseYaml(written, where)
  } catch (error) {
    if (error instanceof ConfigError) throw error
    const name = error instanceof Error ? error.name : typeof error
    throw new ConfigError([`${where}: cannot be parsed (${name}). Write it in a simpler form.`])
  }
}
