import { Fn, Token } from 'cdktf'
import { isToken } from '../token.ts'
import type { Host } from './host.ts'

/** What clients connect to: `https://host:port`. */
export function urlOf({ name, port }: Host): string {
  return isToken(name) || isToken(port)
    ? Token.asString(Fn.format('https://%s:%s', [name, port]))
    : `https://${name}:${port}`
}
