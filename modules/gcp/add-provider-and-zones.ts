import { GoogleProvider } from '@cdktf/provider-google/lib/provider/index.js'
import type { TerraformStack } from 'cdktf'
import type { z } from 'zod'
import type { Named } from '../cloud.ts'
import { zillizOfEndpoint } from '../link-endpoint.ts'
import { marksOf } from '../marks.ts'
import { allowVersions } from '../provider-version.ts'
import { urlOf } from '../zilliz/url-of.ts'
import { type GcpAccess, supportedGcp } from './access.ts'
import { endpointFields } from './endpoint-of-others.ts'
import type { GcpLink, GcpLinkOptions } from './link.ts'
import { GcpPrivateLink } from './private-link.ts'
import { networkProject } from './zone.ts'
import { GcpZones } from './zones.ts'

/** An environment, as far as it concerns Google Cloud. */
export interface OnGoogleCloud {
  readonly name: string
  readonly protect: readonly string[]
  readonly gcp?: z.output<typeof GcpAccess> | undefined
  readonly labels: Readonly<Record<string, string>>
  readonly links: Readonly<Record<string, GcpLinkOptions>>
}

/**
 * Adds the provider and the zones of an environment on Google Cloud.
 *
 * @returns what adds one link
 */
export function addProviderAndZones(
  stack: TerraformStack,
  environment: OnGoogleCloud,
  links: readonly Named<GcpLink>[]
) {
  const { name: environmentName, labels, gcp: access, protect } = environment
  const { providerVersion, ...reached } = access ?? {}
  const google = new GoogleProvider(stack, 'google', reached)
  allowVersions(stack, supportedGcp, providerVersion)
  // As a property, cdktf would write the label cost-center as cost_center.
  google.addOverride('default_labels', { ...marksOf(environmentName), ...labels })
  const zones = new GcpZones(stack, {
    links: links.map(({ link }) => link),
    writerOf: () => undefined,
    peererOf: () => undefined,
    parentId: link => `parent-zone-${networkProject(link)}-${link.network}`,
    existingId: link => `existing-zone-${link}`
  })
  return ({ name, link }: Named<GcpLink>) => {
    const { cloud: _, probe: __, endpoint, hosts, ...props } = link
    return new GcpPrivateLink(stack, name, {
      ...props,
      ...(endpoint.kind === 'managed'
        ? { ...endpoint.own, serviceAttachment: endpoint.vendor.endpointService }
        : { endpoint: endpointFields(endpoint.others), subnetwork: endpoint.others.subnetwork }),
      zilliz: zillizOfEndpoint(endpoint),
      hosts: hosts.map(urlOf),
      zone: zones.of(name, link) ?? 'none',
      environment: environmentName,
      protect: protect.includes(name)
    })
  }
}
