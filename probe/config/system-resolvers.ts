import { isIP } from 'node:net'
import type { Resolver } from '../facts/observation.ts'
import { ConfigError } from '../schema/read.ts'

/** The file in which the system lists its resolvers. */
export const systemResolversFile = '/etc/resolv.conf'

/**
 * Puts the system's resolvers, at most three, in the place of each entry whose address is `system`: `cluster`, `cluster-2` and
 * `cluster-3` for one of the name `cluster`. One that another entry names is left
 * out, or it would be asked twice: in a cluster, /etc/resolv.conf may well name 169.254.169.254.
 *
 * @throws ConfigError if there are none, or one of them would have another's name
 */
export function withSystemResolvers(entries: readonly Resolver[], resolvConf: string): readonly Resolver[] {
  const named = entries.filter(({ address }) => address !== 'system')
  const resolvers = entries.flatMap(entry =>
    entry.address === 'system'
      ? systemResolvers(entry, resolvConf).filter(({ address }) => named.every(each => each.address !== address))
      : [entry]
  )
  const clash = resolvers.find(({ name }, index) => resolvers.findIndex(each => each.name === name) !== index)
  if (clash === undefined) return resolvers
  throw new ConfigError([
    `resolvers: the name ${JSON.stringify(clash.name)} is also that of a resolver in ${systemResolversFile}. Rename it.`
  ])
}

/** The resolvers that libc asks (resolv.conf(5)): the first three, named after the entry that stands for them. */
function systemResolvers({ name, port }: Resolver, resolvConf: string): readonly Resolver[] {
  const addresses = [...resolvConf.matchAll(/^nameserver[ \t]+(\S+)/gm)]
    .map(([, address = '']) => address)
    .filter(address => isIP(address) !== 0)
    .slice(0, 3)
  if (addresses.length === 0) {
    throw new ConfigError([`resolvers: ${systemResolversFile} has no resolver. Give the address of at least one.`])
  }
  return addresses.map((address, index) => ({ name: index === 0 ? name : `${name}-${index + 1}`, address, port }))
}
