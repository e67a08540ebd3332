import type { Path } from '../cases/evidence.ts'
import { isSilentReply } from '../cases/silence.ts'
import { clientPatienceMs } from '../facts/client-patience.ts'
import type { ApplicationObservation, DnsObservation } from '../facts/observation.ts'
import { createPatience, type Patience } from '../observers/patience.ts'
import type { TcpOutcome } from '../observers/tcp.ts'
import type { TlsOutcome } from '../observers/tls.ts'

/** What a look at each layer of an address comes to. */
export interface OutcomesByLayer {
  readonly tcp: TcpOutcome
  readonly tls: TlsOutcome
  readonly application: ApplicationObservation
}

/** Patience with each layer, by address. A further exchange begins with a connection, whichever layer is silent. */
export type AddressPatience = { readonly [L in keyof OutcomesByLayer]: Patience<OutcomesByLayer[L], Path> }

/** Patience with all places of one target, from round to round. */
export interface RoundPatience extends AddressPatience {
  /** By resolver and question. */
  readonly dns: Patience<DnsObservation>
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
    dns: createPatience<DnsObservation>(replies, ms),
    tcp: createPatience<TcpOutcome, Path>(looks, ms),
    tls: createPatience<TlsOutcome, Path>(looks, ms),
    application: createPatience<ApplicationObservation, Path>(exchanges, ms)
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

const replies = { isSilent: isSilentReply }
const looks = {
  isSilent: ({ observation }: TcpOutcome | TlsOutcome) => isTimeout(observation),
  discard: ({ connection }: TcpOutcome | TlsOutcome) => connection?.destroy()
}
const exchanges = { isSilent: (seen: ApplicationObservation) => isTimeout(seen) }

const isTimeout = ({ kind }: { readonly kind: string }) => kind === 'timeout'
