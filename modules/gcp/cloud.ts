import type { CloudShare, DeployableCloud, Link } from '../cloud.ts'
import { zillizOfEndpoint } from '../link-endpoint.ts'
import { shareOf } from '../share-of.ts'
import { GcpAccess } from './access.ts'
import type { OnGoogleCloud } from './add-provider-and-zones.ts'
import { EndpointOfOthers } from './endpoint-of-others.ts'
import { GcpLabels, labelMistakes } from './labels.ts'
import { type GcpLink, GcpLinkOptions, gcpClaims, identityOf, probedNetwork, readGcpLink } from './link.ts'
import { GcpProbeOptions } from './probe-options.ts'

/** Google Cloud. */
export const gcp = {
  access: { gcp: GcpAccess.optional() },
  accessOptions: GcpAccess,
  marks: {
    labels: GcpLabels.default({}).describe(
      'Labels on every Google Cloud resource that takes them, in addition to `environment` and `managed-by`, which they may replace.'
    )
  },
  link: GcpLinkOptions,
  endpoint: EndpointOfOthers,
  probe: GcpProbeOptions,
  console: 'the Google Cloud console',
  permissions: { links: 'links.yaml', probe: 'probe.yaml', identity: 'probe-account.yaml', spokes: 'spoke.yaml' },
  takenNames: ['google'],
  mistakes: ({ labels }, own) => labelMistakes(labels, own),
  share
} as const satisfies DeployableCloud

function share(environment: OnGoogleCloud): CloudShare {
  return shareOf({
    written: environment.links,
    read: readGcpLink,
    describe: link => linkOf(environment.name, link),
    probedNetwork,
    isUsed: environment.gcp !== undefined || Object.keys(environment.links).length > 0,
    load: async () => {
      const { addProviderAndZones } = await import('./add-provider-and-zones.ts')
      return (stack, links) => addProviderAndZones(stack, environment, links)
    }
  })
}

function linkOf(environment: string, link: GcpLink): Link {
  return {
    cloud: 'gcp',
    regionId: `gcp-${link.region}`,
    hosts: link.hosts,
    zilliz: zillizOfEndpoint(link.endpoint),
    endpointId: identityOf(link),
    claims: gcpClaims(environment, link)
  }
}
