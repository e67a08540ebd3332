import { createSecureContext } from 'node:tls'
import { allRead, ConfigError } from '../schema/read.ts'
import type { Config } from './config.ts'
import { readText } from './read-text.ts'

/** Where the probe serves, and what it needs for that. */
export interface Listening {
  readonly host: string
  readonly port: number
  /** Certificate and key in PEM. `undefined` for HTTP. */
  readonly tls: { readonly cert: string; readonly key: string } | undefined
  /** Who may read everything but health. `undefined` for anybody. */
  readonly reader: Reader | undefined
  /** The names that it answers to, in addition to its addresses. `*.` at the beginning stands for one label or more. */
  readonly names: readonly string[]
}

/** Who may read. */
export interface Reader {
  readonly username: string
  readonly password: string
}

/**
 * Reads the files that the config's `listen` names.
 *
 * @throws ConfigError with one line for each mistake
 */
export async function readListening({ host, port, names, tls, basicAuth }: Config['listen']): Promise<Listening> {
  const [identity, reader] = await allRead([
    tls === undefined ? Promise.resolve(undefined) : readIdentity(tls),
    basicAuth === undefined ? Promise.resolve(undefined) : readReader(basicAuth)
  ])
  return { host, port, names, tls: identity, reader }
}

/** What of a change only a start can bring; certificate and password are taken as they are. */
export function changesForStart(now: Listening, next: Listening): readonly string[] {
  return [
    ...(now.host === next.host ? [] : ['listen.host']),
    ...(now.port === next.port ? [] : ['listen.port']),
    ...((now.tls === undefined) === (next.tls === undefined) ? [] : ['listen.tls'])
  ]
}

async function readIdentity({ certFile, keyFile }: NonNullable<Config['listen']['tls']>) {
  const [cert, key] = await allRead([
    readText(certFile, { key: 'listen.tls.certFile', hasComments: true }),
    readText(keyFile, { key: 'listen.tls.keyFile', hasComments: true })
  ])
  try {
    createSecureContext({ cert, key })
  } catch (error) {
    if (!(error instanceof Error)) throw error
    // OpenSSL's errors have a code of some libraries and none of others.
    const code = 'code' in error ? error.code : 'no code of OpenSSL'
    throw new ConfigError([
      `listen.tls: certFile and keyFile are no certificate and its key in PEM (${code}). Check that they belong together, and that the key has no passphrase.`
    ])
  }
  return { cert, key }
}

async function readReader({ username, passwordFile }: NonNullable<Config['listen']['basicAuth']>): Promise<Reader> {
  const key = 'listen.basicAuth.passwordFile'
  const password = (await readText(passwordFile, { key })).replace(/\r?\n$/, '')
  if (/[\r\n]/.test(password)) {
    throw new ConfigError([`${key}: holds more than one line. Write the password into it and nothing else.`])
  }
  return { username, password }
}
