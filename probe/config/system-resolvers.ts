import { isIP } from 'node:net'
import type { Resolver } from '../cases/observation.ts'
import { ConfigError } from './mistakes.ts'

/** Where the system says whom it asks. */
export const systemResolversFile = '/etc/resolv.conf'

/**
 * Reads the resolvers that libc asks (resolv.conf(5)): the first three, `system`, `system-2` and `system-3`.
 *
 * @throws ConfigError if it names none
 */
export function systemResolvers(resolvConf: string): readonly Resolver[] {
  const addresses = [...resolvConf.matchAll(/^nameserver[ \t]+(\S+)/gm)]
    .map(([, address = '']) => address)
    .filter(address => isIP(address) !== 0)
    .slice(0, 3)
  if (addresses.length === 0) {
    throw new ConfigError([`resolvers: is missing, and ${systemResolversFile} names none; give one resolver or more`])
  }
  return addresses.map((address, index) => ({
    name: index === 0 ? 'system' : `system-${index + 1}`,
    address,
    port: 53
  }))
}
