import { lookup } from 'node:dns/promises'
import type { LibcObservation } from '../facts/observation.ts'
import { dnsLimits } from './dns-limits.ts'
import { type Limit, secondsSince } from './within.ts'

/**
 * Gives what libc says of a host; `undefined` if nothing is known.
 *
 * @param resolved what the resolvers make of the host, once they have: a sample of libc that was taken while they said
 *   something else says nothing of the present
 */
export type ObserveLibc = (
  host: string,
  limit: Limit,
  resolved: Promise<string>
) => Promise<LibcObservation | undefined>

type LibcOutcome = LibcObservation extends infer Each
  ? Each extends LibcObservation
    ? Omit<Each, 'layer' | 'seconds' | 'at'>
    : never
  : never

/** libuv's numbers (uv/errno.h), which distinguish the two meanings of Node's ENOTFOUND. */
const EAI_NODATA = -3007
const EAI_NONAME = -3008
const EAI_AGAIN = -3001

/**
 * Asks getaddrinfo for a host's addresses, as an application does: without the name's last dot, so that hosts file and
 * search list show. A lookup cannot be cancelled, takes as long as libc likes, and holds a thread until it ends.
 */
export async function lookUp(host: string): Promise<LibcObservation> {
  const start = performance.now()
  const at = Date.now() / 1000
  const outcome = await ask(host)
  return { layer: 'dns', seconds: secondsSince(start), at, ...outcome }
}

async function ask(host: string): Promise<LibcOutcome> {
  try {
    const found = await lookup(host, { all: true, order: 'verbatim' })
    return { kind: 'answer', addresses: found.slice(0, dnsLimits.addresses).map(({ address }) => address) }
  } catch (error) {
    return readFailure(error)
  }
}

/** @throws the error itself if it does not come from libc: then it is a bug */
function readFailure(error: unknown): LibcOutcome {
  if (!(error instanceof Error) || !('errno' in error) || !('code' in error)) throw error
  switch (error.errno) {
    case EAI_NONAME:
      return { kind: 'not-known' }
    case EAI_NODATA:
      return { kind: 'no-address' }
    case EAI_AGAIN:
      return { kind: 'temporary-failure' }
    default:
      return { kind: 'failure', code: String(error.code) }
  }
}
