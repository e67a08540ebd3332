import { ConfigError } from '../schema/read.ts'
import type { Config } from './config.ts'
import { readText } from './read-text.ts'

/** Where metrics are pushed to, and how often. */
export interface Pushing {
  readonly url: string
  /** The value of the header `Authorization`. `undefined` for none. */
  readonly authorization: string | undefined
  readonly intervalSeconds: number
}

/**
 * Reads the file that the config's `otlp` names. `undefined` if metrics are not pushed.
 *
 * @throws ConfigError with one line for each mistake
 */
export async function readPushing(otlp: Config['otlp']): Promise<Pushing | undefined> {
  if (otlp === undefined) return undefined
  const { url, intervalSeconds, authorizationFile } = otlp
  return {
    url,
    intervalSeconds,
    authorization: authorizationFile === undefined ? undefined : await readAuthorization(authorizationFile)
  }
}

async function readAuthorization(file: string): Promise<string> {
  const key = 'otlp.authorizationFile'
  const value = (await readText(file, { key })).trim()
  // Node refuses it in a header, but only when it is sent.
  if (/[^\t\x20-\x7e]/.test(value)) {
    throw new ConfigError([`${key}: is not one line of ASCII. Write the value of the header into it and nothing else.`])
  }
  return value
}
