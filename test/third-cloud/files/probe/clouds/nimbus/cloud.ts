import type { Cloud } from '../cloud.ts'
import { configuration } from './configuration/configuration.ts'
import { remedies } from './remedies.ts'
import { NimbusRegion, NimbusTarget, nimbusIds } from './target.ts'

/** Nimbus: gates, and zones that answer in a field. */
export const nimbus: Cloud<'nimbus', typeof NimbusTarget> = {
  id: 'nimbus',
  title: 'Nimbus',
  target: NimbusTarget,
  example: {
    cloud: 'nimbus',
    name: 'prod/texts/in01-0c1d2e3f4a5b6c7',
    environment: 'prod',
    region: 'north-1',
    host: 'in01-0c1d2e3f4a5b6c7-privatelink.nimbus-north-1.vectordb.zillizcloud.com',
    port: 19_531,
    field: 'meadow',
    gate: 'zilliz-gate',
    gateAddress: '10.30.0.7'
  },
  region: NimbusRegion,
  endpoint: { by: 'address', of: ({ gateAddress }) => gateAddress },
  zones: { privatePrimary: 'ns-private.nimbus.example', publicPrimary: /^ns-\d+\.nimbus\.example$/ },
  hasGlobalIpv6: false,
  metadata: ['169.254.170.1/32'],
  maker: /^Nimbus/,
  resolver: '169.254.170.53',
  timeServer: '169.254.170.123',
  stepsFor: (entry, target) => remedies[entry](nimbusIds(target)),
  network: ({ field }) => field,
  registeredAs: ({ gate }) => gate,
  configuration,
  stepsForCause: ({ about: [gate = '<gate>'] }) => [{ do: `Open ${gate}.` }]
}
