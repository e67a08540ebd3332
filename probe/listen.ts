import type { FastifyInstance } from 'fastify'
import { ConfigError } from './schema/read.ts'

/** What the operator can do if the probe cannot listen on an address. */
const remedies: Readonly<Record<string, string>> = {
  EADDRINUSE: 'Another process uses the port: end it, or choose another port.',
  EACCES: 'The process has no permission: choose a port of 1024 or more, or grant the permission.',
  EADDRNOTAVAIL: 'No interface has the address: choose an address of this machine, or :: for all.'
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
    const remedy = remedies[String(error.code)] ?? 'Check the name and the address.'
    throw new ConfigError([`listen: cannot listen on ${at.host} port ${at.port} (${error.code}). ${remedy}`])
  }
}
