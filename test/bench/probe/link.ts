import type { Target } from '../../../probe/target.ts'
import { awsTarget, endpointName } from '../../support/evidence.ts'

/** The port of every host, on 127.0.0.1. */
export const port = 19_531
export const domain = 'aws-us-west-2.vectordb.zillizcloud.com'

/** So many targets, all of which lead to the one endpoint. */
export function targets(count: number): readonly Target[] {
  return Array.from({ length: count }, (_, index) => ({
    ...awsTarget,
    name: `bench/link-${index}/in01-${index}`,
    host: `in01-${index}-privatelink.${domain}`,
    port,
    endpointDnsName: endpointName
  }))
}
