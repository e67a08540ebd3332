import type { Cloud } from '../cloud.ts'
import { configuration } from './configuration/configuration.ts'
import { vpcPath } from './configuration/network.ts'
import { gcpMaker } from './configuration/own-machine.ts'
import { GcpRegion } from './identifiers.ts'
import { remedies } from './remedies.ts'
import { stepsForGcpCause } from './steps-for-cause.ts'
import { GcpTarget, gcpIds } from './target.ts'

/** Google Cloud: Private Service Connect endpoints, and private managed zones of Cloud DNS. */
export const gcp: Cloud<'gcp', typeof GcpTarget> = {
  id: 'gcp',
  title: 'Google Cloud',
  target: GcpTarget,
  example: {
    cloud: 'gcp',
    name: 'prod/images/in01-61e949d971f841b',
    environment: 'prod',
    region: 'us-west1',
    host: 'in01-61e949d971f841b-privatelink.gcp-us-west1.vectordb.zillizcloud.com',
    port: 443,
    project: 'my-project-123',
    network: 'default',
    managedZone: 'zilliz-privatelink-zone',
    forwardingRule: 'zilliz-endpoint',
    endpointAddress: '10.0.0.7',
    egressFirewall: 'zilliz-egress'
  },
  region: GcpRegion,
  endpoint: { by: 'address', of: ({ endpointAddress }) => endpointAddress },
  // Seen in replies of Cloud DNS that people published.
  zones: {
    privatePrimary: 'ns-gcp-private.googledomains.com',
    publicPrimary: /^ns-cloud-[a-e]\d\.googledomains\.com$/
  },
  hasGlobalIpv6: false,
  // And, over IPv6, fd20:ce::254.
  metadata: ['169.254.169.254/32', 'fd20:ce::/32'],
  maker: gcpMaker,
  resolver: '169.254.169.254',
  timeServer: 'metadata.google.internal',
  stepsFor: (entry, target) => remedies[entry](gcpIds(target)),
  network: ({ project, network }) =>
    project === undefined || network === undefined ? undefined : vpcPath({ project, name: network }),
  registeredAs: ({ forwardingRule }) => forwardingRule,
  configuration,
  stepsForCause: (cause, target) => stepsForGcpCause(cause, gcpIds(target))
}
