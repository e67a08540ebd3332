import type { Remedies } from '../cloud.ts'
import { redeploy } from '../steps.ts'
import { usualRemedies } from '../usual-remedies.ts'
import * as steps from './steps.ts'
import type { NimbusIds } from './target.ts'

const usual = usualRemedies<NimbusIds>(steps)

/** What to do on Nimbus. */
export const remedies = {
  ...usual,
  'dangling-cname': usual['record-missing'],
  'endpoint-gone': ids => [redeploy('the gate', ids), steps.describeEndpoint(ids)],
  'cname-without-address': usual['record-missing'],
  'dns-tcp-blocked': () => [{ do: 'Open the hedge for TCP port 53 to the resolver, as well as UDP.' }],
  'no-answer-to-syn': ids => [redeploy('the gate', ids), steps.describeEndpoint(ids)],
  'tls-reset': ({ host }) => [{ do: `Allow ${host} in the hedge.` }],
  'tls-silent': () => [{ do: 'Lower the MTU of the path.' }],
  'resolver-without-answer': steps.attachZone,
  'address-fails': ids => [steps.describeEndpoint(ids)]
} satisfies Remedies<NimbusIds>
