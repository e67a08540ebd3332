import type { ApplicationObservation, DnsObservation } from './cases/observation.ts'
import { clientPatienceMs, createPatience, type Patience } from './observers/patience.ts'
import type { TcpLook } from './observers/tcp.ts'
import type { TlsLook } from './observers/tls.ts'

/** Patience with all places of one target, from round to round. */
export interface RoundPatience {
  /** By resolver and question. */
  readonly dns: Patience<DnsObservation>
  /** By address, as are the layers above. */
  readonly tcp: Patience<TcpLook>
  readonly tls: Patience<TlsLook>
  readonly application: Patience<ApplicationObservation>
  /** Begins a round. */
  readonly turn: () => void
  /** Resolves when nothing is kept open any more. */
  readonly close: () => Promise<void>
}

/**
 * Starts with patience for everything.
 *
 * @param ms @default - as long as a client waits
 */
export function createRoundPatience(ms: number = clientPatienceMs): RoundPatience {
  const layers = {
    dns: createPatience<DnsObservation>({ isSilent: isSilentResolver }, ms),
    tcp: createPatience<TcpLook>({ isSilent: ({ observation }) => observation.kind === 'timeout', discard: end }, ms),
    tls: createPatience<TlsLook>({ isSilent: ({ observation }) => observation.kind === 'timeout', discard: end }, ms),
    application: createPatience<ApplicationObservation>({ isSilent: ({ kind }) => kind === 'timeout' }, ms)
  }
  const all = Object.values(layers)
  return {
    ...layers,
    turn: () => {
      for (const { turn } of all) turn()
    },
    close: async () => {
      await Promise.all(all.map(({ close }) => close()))
    }
  }
}

const end = ({ connection }: TcpLook | TlsLook) => connection?.destroy()

/** Whether the wait for a resolver was over before there was a reply. */
function isSilentResolver(seen: DnsObservation): boolean {
  return seen.kind === 'timeout' || seen.kind === 'malformed' || (seen.kind === 'truncated' && seen.tcp === 'timeout')
}
