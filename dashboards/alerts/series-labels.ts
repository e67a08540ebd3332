/** Every label that the probe gives to its series. All other labels come from Prometheus: they identify the probe. */
export const probeLabels = [
  'target',
  'environment',
  'cloud',
  'region',
  'host',
  'port',
  'case',
  'cause',
  'symptom',
  'state',
  'finding',
  'impairment',
  'layer',
  'reason',
  'resolver',
  'address_slot',
  'version',
  'revision',
  'node',
  'le'
] as const

/** Labels that only the rules give. */
const ruleLabels = ['link'] as const

type Label = (typeof probeLabels)[number] | (typeof ruleLabels)[number]

/**
 * A list of labels for `ignoring (…)` and `without (…)`: all that the probe or the rules give, except those named. Everything that
 * Prometheus adds (`job`, `instance`, `cluster`, `replica`, a label of the operator's own) then keeps two probes apart. A label that a scrape
 * config sets, and that has the name of one of the probe's, is on those series only that do not have it from the probe. So it must not
 * take part in a join.
 */
export function labelsBut(...kept: readonly Label[]): string {
  return [...probeLabels, ...ruleLabels].filter(label => !kept.includes(label)).join(', ')
}
