import { readFile } from 'node:fs/promises'
import { ConfigError } from './mistakes.ts'

/**
 * Reads a file that the operator named.
 *
 * @param key where the config names it; left out, the operator knows
 * @throws ConfigError if it cannot be read
 */
export async function readText(file: string, key?: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error
    const where = key === undefined ? file : `${key}: ${file}`
    throw new ConfigError([`${where}: cannot be read (${error.code}); see whether it is there and who may read it`])
  }
}
