import { GoogleProvider } from '@cdktf/provider-google/lib/provider/index.js'
import type { TerraformStack } from 'cdktf'
import type { z } from 'zod'
import type { CloudShare, DeployableCloud, Link, Named } from '../cloud.ts'
import { marksOf } from '../marks.ts'
import { shareOf } from '../share-of.ts'
import { urlOf } from '../zilliz/url-of.ts'
import { zillizOf } from '../zilliz/zilliz-option.ts'
import { GcpAccess } from './access.ts'
import { GcpLabels, labelMistakes } from './labels.ts'
import { type GcpLink, GcpLinkOptions, gcpClaims, probedNetwork, readGcpLink } from './link.ts'
import { names } from './names.ts'
import { GcpPrivateLink } from './private-link.ts'
import { GcpProbeOptions } from './probe-options.ts'
import { networkProject } from './zone.ts'
import { GcpZones } from './zones.ts'

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
  probe: GcpProbeOptions,
  console: 'the Google Cloud console',
  permissions: { links: 'links.yaml', probe: 'probe.yaml', identity: 'probe-account.yaml' },
  takenNames: ['google'],
  mistakes: ({ labels }, own) => labelMistakes(labels, own),
  share
} as const satisfies DeployableCloud

/** An environment, as far as it concerns Google Cloud. */
export interface OnGoogleCloud {
  readonly name: string
  readonly protect: readonly string[]
  readonly gcp?: z.output<typeof GcpAccess> | undefined
  readonly labels: Readonly<Record<string, string>>
  readonly links: Readonly<Record<string, GcpLinkOptions>>
}

function share(environment: OnGoogleCloud): CloudShare {
  return shareOf({
    written: environment.links,
    read: readGcpLink,
    describe: link => linkOf(environment.name, link),
    probedNetwork,
    begin: (stack, links) => begin(stack, environment, links)
  })
}

function linkOf(environment: string, link: GcpLink): Link {
  return {
    cloud: 'gcp',
    regionId: `gcp-${link.region}`,
    hosts: link.hosts,
    zilliz: zillizOf(link.vendor),
    endpointId: { id: names(link).endpoint, project: link.project },
    claims: gcpClaims(environment, link)
  }
}

function begin(stack: TerraformStack, environment: OnGoogleCloud, links: readonly Named<GcpLink>[]) {
  const { name: environmentName, labels, gcp: access, protect } = environment
  if (access === undefined && links.length === 0) return undefined
  const google = new GoogleProvider(stack, 'google', { ...access })
  // As a property, cdktf would write the label cost-center as cost_center.
  google.addOverride('default_labels', { ...marksOf(environmentName), ...labels })
  const zones = new GcpZones(stack, {
    links: links.map(({ link }) => link),
    writerOf: () => undefined,
    parentId: link => `parent-zone-${networkProject(link)}-${link.network}`,
    existingId: link => `existing-zone-${link}`
  })
  return ({ name, link }: Named<GcpLink>) => {
    const { cloud: _, probe: __, vendor, hosts, ...props } = link
    return new GcpPrivateLink(stack, name, {
      ...props,
      serviceAttachment: vendor.endpointService,
      zilliz: zillizOf(vendor),
      hosts: hosts.map(urlOf),
      zone: zones.of(name, link) ?? 'none',
      environment: environmentName,
      protect: protect.includes(name)
    })
  }
}
