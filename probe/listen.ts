import type { FastifyInstance } from 'fastify'
import { ConfigError } from './schema/read.ts'

/** What the operator can do about an address that cannot be listened on. */
const remedies: Readonly<Record<string, string>> = {
  EADDRINUSE: 'it is in use; end what listens there, or choose another port',
  EACCES: 'it is not allowed; choose a port of 1024 or more, or give the process the right',
  EADDRNOTAVAIL: 'no interface has the address; choose one of this machine, or :: for all'
}

/**
 * Makes an app listen. `::` stands for all addresses, IPv6 and IPv4; on a machine without IPv6, it falls back to 0.0.0.0.
 *
 * @throws ConfigError if the system does not allow it there
 */
export async function listen(
  app: FastifyInstance,
  at: { readonly host: string; readonly port: number }
): Promise<void> {
  try {
    await app.listen({ ...at })
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error && 'code' in error)) throw error
    if (at.host === '::' && error.code === 'EAFNOSUPPORT') return listen(app, { ...at, host: '0.0.0.0' })
    const remedy = remedies[String(error.code)] ?? 'see whether the name and the address are right'
    throw new ConfigError([`listen: ${at.host} port ${at.port} cannot be listened on (${error.code}): ${remedy}`])
  }
}
