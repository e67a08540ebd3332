import { type Budget, defaultBudget } from './round.ts'

/** The default budget, or less in proportion, so that a round ends within nine tenths of the interval. */
export function budgetWithin(intervalMs: number): Budget {
  const { dns, tcp, tls, application } = defaultBudget
  const share = Math.min(1, (0.9 * intervalMs) / (dns + tcp + tls + application))
  return { dns: dns * share, tcp: tcp * share, tls: tls * share, application: application * share }
}
