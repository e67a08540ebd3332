import { GoogleProvider } from '@cdktf/provider-google/lib/provider/index.js'
import type { TerraformStack } from 'cdktf'
import type { z } from 'zod'
import type { CloudShare, DeployableCloud, Deployed, Link, Named } from '../cloud.ts'
import { marksOf } from '../marks.ts'
import { zillizOf } from '../zilliz/zilliz-option.ts'
import { GcpAccess } from './access.ts'
import { GcpLabels, labelMistakes } from './labels.ts'
import { type GcpLink, GcpLinkOptions, gcpClaims, probedNetwork, readGcpLink } from './link.ts'
import { names } from './names.ts'
import { GcpPrivateLink } from './private-link.ts'
import { GcpProbeOptions } from './probe-options.ts'
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
  takenNames: ['google'],
  mistakes: ({ labels }, own) => labelMistakes(labels, own),
  share
} as const satisfies DeployableCloud

/** An environment, as far as it concerns Google Cloud. */
interface OnGoogleCloud {
  readonly name: string
  readonly protect: readonly string[]
  readonly gcp?: z.output<typeof GcpAccess> | undefined
  readonly labels: Readonly<Record<string, string>>
  readonly links: Readonly<Record<string, GcpLinkOptions>>
}

function share(environment: OnGoogleCloud): CloudShare {
  const links = Object.entries(environment.links).map(([name, link]) => ({ name, link: readGcpLink(link) }))
  return {
    links: Object.fromEntries(links.map(({ name, link }) => [name, linkOf(environment.name, link)])),
    addTo: stack => deploy(stack, environment, links)
  }
}

function linkOf(environment: string, link: GcpLink): Link {
  return {
    cloud: 'gcp',
    regionId: `gcp-${link.region}`,
    hosts: link.hosts,
    zilliz: zillizOf(link.vendor),
    endpointId: { id: names(link).endpoint, gcpProjectId: link.project },
    claims: gcpClaims(environment, link)
  }
}

function deploy(stack: TerraformStack, environment: OnGoogleCloud, links: readonly Named<GcpLink>[]): Deployed {
  const { name: environmentName, labels, gcp: access, protect } = environment
  if (access === undefined && links.length === 0) return { links: {}, probes: {} }
  const google = new GoogleProvider(stack, 'google', { ...access })
  // As a property, cdktf would write the label cost-center as cost_center.
  google.addOverride('default_labels', { ...marksOf(environmentName), ...labels })
  const zones = new GcpZones(
    stack,
    links.map(({ link }) => link)
  )
  const made = links.map(({ name, link }) => ({
    name,
    link,
    made: new GcpPrivateLink(stack, name, {
      environment: environmentName,
      link,
      zone: zones.of(name, link),
      isProtected: protect.includes(name)
    })
  }))
  const inNetworkOf = (link: GcpLink) =>
    made.filter(other => probedNetwork(other.link) === probedNetwork(link)).map(({ made }) => made)
  const probes = made.flatMap(({ name, link, made }) =>
    link.probe === undefined ? [] : [[name, made.addProbe(link.probe, inNetworkOf(link))] as const]
  )
  return {
    links: Object.fromEntries(made.map(({ name, made }) => [name, made])),
    probes: Object.fromEntries(probes)
  }
}
