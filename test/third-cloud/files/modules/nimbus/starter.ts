import type { StarterCloud } from '../starter.ts'
import { NimbusLinkOptions } from './link.ts'

/** Nimbus, in a new project. */
export const nimbus: StarterCloud = {
  link: NimbusLinkOptions,
  questions: [
    { option: 'region', title: 'Region of the gate', example: 'north-1' },
    { option: 'field', title: 'Field whose clients connect', example: 'meadow' },
    { option: 'gate', title: 'Name of the gate', example: 'zilliz-gate' },
    { option: 'address', title: 'Address of the gate', example: '10.0.0.7' }
  ],
  service: { option: 'service', title: 'Service of Zilliz Cloud', example: 'service-0a1b2c' },
  backend: bucket => ({ type: 's3', bucket, region: 'us-west-2' }),
  action: { action: 'nimbus/login', commit: '0'.repeat(40), version: 'v1.0.0' },
  login: (_, purpose) => ({ identity: `\${{ vars.NIMBUS_${purpose.toUpperCase()} }}` }),
  cost: (_, zones) => ({
    items: [{ what: 'gate', count: 1 + zones, usd: 1 }],
    usdPerGigabyte: 0,
    region: 'all regions',
    asOf: 'May 2026',
    pages: ['https://nimbus.example/prices']
  })
}
