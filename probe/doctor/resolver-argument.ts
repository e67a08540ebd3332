import { isIP } from 'node:net'
import { canonicalAddress } from '../facts/address.ts'
import { escapeProse } from '../facts/escape.ts'
import type { Resolver } from '../facts/observation.ts'

/**
 * Reads a resolver as people write it: `10.0.0.2`, `10.0.0.2:5353`, `fd00::2`, `[fd00::2]:5353`.
 *
 * @returns the resolver under that name, or the one thing that is wrong: what was given, what to do
 */
export function readResolverArgument(given: string, name: string): Resolver | { readonly mistake: string } {
  const refuse = (wrong: string, remedy: string) => ({
    mistake: `the resolver ${wrong}, got "${escapeProse(given, 300)}". ${remedy}`
  })
  if (isIP(given) !== 0) return { name, address: canonicalAddress(given), port: 53 }
  const [, bracketed, plain, port = '53'] = /^(?:\[(.*)\]|([^:]*))(?::(.*))?$/.exec(given) ?? []
  const address = bracketed ?? plain ?? ''
  if (isIP(address) === 0) return refuse('is not an address', 'Give 10.0.0.2, 10.0.0.2:53, fd00::2 or [fd00::2]:53.')
  if (!/^\d{1,5}$/.test(port) || Number(port) < 1 || Number(port) > 65_535) {
    return refuse('has no port from 1 to 65535', 'Omit it to query port 53.')
  }
  return { name, address: canonicalAddress(address), port: Number(port) }
}
