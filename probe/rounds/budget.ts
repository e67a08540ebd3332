/**
 * Milliseconds that each layer may take. Without patience a round takes no longer than all of them together; with it, that
 * is so where nothing is slow and what is silent is known to be.
 */
export interface Budget {
  readonly dns: number
  /** More than 3 s. Otherwise a second lost SYN looks like silence. */
  readonly tcp: number
  readonly tls: number
  readonly application: number
}

/** Nine seconds: less than the ten between two rounds. */
export const defaultBudget: Budget = { dns: 2000, tcp: 3500, tls: 2000, application: 1500 }

/** The default budget, or less in proportion, so that a round ends within nine tenths of the interval. */
export function budgetWithin(intervalMs: number): Budget {
  const { dns, tcp, tls, application } = defaultBudget
  const share = Math.min(1, (0.9 * intervalMs) / (dns + tcp + tls + application))
  return { dns: dns * share, tcp: tcp * share, tls: tls * share, application: application * share }
}
