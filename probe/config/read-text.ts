import { escapeProse } from '../facts/escape.ts'
import { isPrivate } from '../schema/private.ts'
import { ConfigError } from '../schema/read.ts'
import { readBytes } from './read-bytes.ts'

/** What kind of text a file holds. */
interface TextKind {
  /** Where the config names the file. Default: the operator named it on the command line. */
  readonly key?: string
  /** Only parts of it count, so that bytes that are not UTF-8 may be in the others: comments of a PEM file. */
  readonly hasComments?: true
  /** It may be empty. */
  readonly mayBeEmpty?: true
}

/**
 * Reads a text file that the operator named. A byte order mark is skipped.
 *
 * @throws ConfigError if it cannot be read, is not text in UTF-8, or is empty
 */
export async function readText(file: string, { key, hasComments, mayBeEmpty }: TextKind = {}): Promise<string> {
  const refuse = (mistake: string) => new ConfigError([`${placeOf(file, key)}: ${mistake}`])
  const bytes = await readBytes(file)
  if ('mistake' in bytes) throw refuse(bytes.mistake)
  const utf = otherUtf(bytes)
  if (utf !== undefined) throw refuse(`is text in ${utf}. Save it as UTF-8.`)
  const text = decode(bytes, hasComments !== true)
  if (text === undefined) throw refuse('is not text in UTF-8. Check whether it is the right file, or save it as UTF-8.')
  if (mayBeEmpty !== true && text.trim() === '')
    throw refuse('is empty. Check whether something should have written it.')
  return text
}

/** The start of a line about a file. A path that stands where a password or a key may stand by mistake is not shown. */
export function placeOf(file: string, key: string | undefined): string {
  if (key === undefined) return escapeProse(file, 300)
  return isPrivate(key.split('.')) ? key : `${key}: ${escapeProse(file, 300)}`
}

/** Windows PowerShell writes UTF-16 with a byte order mark; without one, every other byte of ASCII is zero. */
function otherUtf(bytes: Buffer): string | undefined {
  const [first, second, third, fourth] = bytes
  const isPair = (one: number, other: number) => first === one && second === other
  if (isPair(0, 0) || (isPair(0xff, 0xfe) && third === 0 && fourth === 0)) return 'UTF-32'
  if (isPair(0xff, 0xfe) || isPair(0xfe, 0xff)) return 'UTF-16'
  return bytes.length > 1 && (first === 0) !== (second === 0) ? 'UTF-16' : undefined
}

function decode(bytes: Buffer, isStrict: boolean): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: isStrict }).decode(bytes)
  } catch (error) {
    if (error instanceof TypeError) return undefined
    throw error
  }
}
