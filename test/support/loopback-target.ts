import type { TargetOn } from '../../probe/target.ts'
import { host } from './evidence.ts'

/** A host whose endpoint is on loopback. */
export function loopbackTarget(port: number, changes: Partial<TargetOn['gcp']> = {}): TargetOn['gcp'] {
  return {
    cloud: 'gcp',
    name: 'prod/images/in01-1',
    environment: 'prod',
    region: 'us-west1',
    host,
    port,
    endpointAddress: '127.0.0.1',
    ...changes
  }
}
