import { z } from 'zod'
import { shown } from '../../probe/schema/mistakes.ts'
import { shapedText } from '../../probe/schema/shaped-text.ts'
import type { Claim } from '../claim.ts'
import { distinctTexts } from '../distinct.ts'
import type { Mistake } from '../mistakes.ts'
import { neverToken, orToken } from '../token.ts'
import type { Host } from './host.ts'

const ProjectId = shapedText({
  pattern: /^proj-[0-9a-z]+$/,
  is: 'the id of a Zilliz Cloud project such as proj-0a1b2c3d4e5f60718293a4',
  find: 'Copy it from the address of its page in the Zilliz Cloud console.'
})

/** What the id of a cluster begins with whose host cannot be read, and why. */
const withoutHost: Readonly<Record<string, { readonly is: string; readonly why: string }>> = {
  in03: { is: 'a free cluster', why: 'It has no private link. Give dedicated clusters.' },
  in05: { is: 'a serverless cluster', why: 'It has no private link. Give dedicated clusters.' },
  in07: {
    is: 'an on-demand cluster',
    why: "All on-demand clusters of a project share the project endpoint: write https://<project>.<cloud>-<region>.api.zillizcloud.com in hosts, with the project's id."
  },
  glo: {
    is: 'a global cluster',
    why: 'It has no private link. Give its member clusters, and change the address of the clients after a failover.'
  }
}

const ClusterId = shapedText({
  pattern: /^in01-[0-9a-f]+$/,
  is: 'the id of a dedicated cluster such as in01-840ec44485bf25d',
  find: "Copy it from the cluster's page.",
  slip: given => {
    const kind = withoutHost[given.split('-')[0] ?? '']
    return kind === undefined ? undefined : `is ${kind.is}, got ${shown(given)}. ${kind.why}`
  }
})

/** Zilliz Cloud itself, by its API. The key is only in the environment of the deploy, `ZILLIZCLOUD_API_KEY`. */
export interface ZillizProps {
  /** The project that the endpoint is registered with: `proj-…` in the console's addresses. */
  readonly projectId: string
  /**
   * The clusters whose hosts are read from Zilliz Cloud, in place of `hosts`.
   *
   * @default - none
   */
  readonly clusters?: readonly string[] | undefined
  /**
   * The endpoint is registered in the console. The deploy neither registers it nor removes the registration.
   *
   * @default - the deploy does both
   */
  readonly registered?: true | undefined
}

/** What Zilliz Cloud is asked for with an API key, in place of a person who copies from its console. */
export const ZillizOption = z
  .strictObject({
    projectId: ProjectId.describe(
      "The project that the endpoint is registered with: `proj-…` in the console's addresses."
    ),
    clusters: distinctTexts(ClusterId, 'clusters')
      .default([])
      .describe(
        'The clusters whose hosts are read from Zilliz Cloud, in place of `hosts`. They must be of that project, and in the region of the link.'
      ),
    registered: z
      .literal(true)
      .optional()
      .describe(
        'The endpoint is registered in the console. The deploy neither registers it nor removes the registration. Default: the deploy does both.'
      )
  })
  .describe('Zilliz Cloud itself, by its API.')

export type ZillizOption = z.output<typeof ZillizOption>

/** The same in a stack of one's own: the project may be a token, and the clusters key resources. */
export const ZillizOfConstruct = ZillizOption.extend({
  projectId: orToken(ProjectId),
  clusters: z
    .array(neverToken(z.string(), 'Write its id, such as in01-840ec44485bf25d.'))
    .default([])
    .pipe(distinctTexts(ClusterId, 'clusters'))
})

/**
 * What is wrong between `zilliz` and the fields that replace it. Fields that could not be read are ignored.
 *
 * @param service the name and the value of the field that names the endpoint service, and the endpoint of others that needs none
 */
export function zillizMistakes(
  zilliz: unknown,
  service: readonly [name: string, given: unknown, endpoint: unknown],
  hosts: readonly Partial<Host>[] | undefined
): readonly Mistake[] {
  const [name, given, endpoint] = service
  if (typeof zilliz !== 'object' || zilliz === null) {
    return zilliz === undefined && given === undefined && endpoint === undefined
      ? [{ path: [name], message: 'is missing. Give a string, or zilliz to have it looked up.' }]
      : []
  }
  const { clusters = [] }: { clusters?: unknown } = zilliz
  const written = Array.isArray(hosts) ? hosts.map(host => host?.cluster) : []
  return (Array.isArray(clusters) ? clusters : []).flatMap((cluster, index) =>
    typeof cluster === 'string' && written.includes(cluster)
      ? [
          {
            path: ['zilliz', 'clusters', index],
            message: `names ${cluster}, whose host is hosts[${written.indexOf(cluster)}] too. Remove one of them.`
          }
        ]
      : []
  )
}

/** Who registers the endpoint of a link and copies the hosts: a person, or the deploy by the API of Zilliz Cloud. */
export const Vendor = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('by-hand'), endpointService: z.string() }),
  z.object({
    kind: z.literal('by-api'),
    zilliz: z.custom<ZillizOption>(),
    /** @default - that of the region is looked up */
    endpointService: z.string().optional()
  })
])

export type Vendor = z.output<typeof Vendor>

/** Reads `zilliz` together with the field that names the endpoint service, which a link needs without it. */
export function vendorOf(endpointService: string | undefined, zilliz: ZillizOption | undefined): Vendor {
  return Vendor.parse(
    zilliz === undefined ? { kind: 'by-hand', endpointService } : { kind: 'by-api', zilliz, endpointService }
  )
}

/** The option `zilliz` that a link was given. */
export function zillizOf(vendor: Vendor): ZillizOption | undefined {
  return vendor.kind === 'by-api' ? vendor.zilliz : undefined
}

/** Records of clusters whose hosts are read at the deploy: where the hosts are not known, the clusters are. */
export function clusterClaims(zilliz: ZillizOption | undefined, networks: readonly string[]): readonly Claim[] {
  return (zilliz?.clusters ?? []).flatMap(cluster =>
    networks.map(network => ({
      what: `the record of cluster ${cluster} on ${network}`,
      wayOut: 'Take the cluster out of one of them.'
    }))
  )
}

/**
 * The registration of an endpoint with Zilliz Cloud, whose Terraform provider finds it by the id or name of the endpoint alone.
 *
 * @param wayOut how two links part that would both make it
 */
export function registrationClaims(
  zilliz: ZillizOption | undefined,
  endpoint: string,
  wayOut: string
): readonly Claim[] {
  if (zilliz === undefined || zilliz.registered) return []
  return [{ what: `the registration of ${endpoint} with ${zilliz.projectId}`, wayOut }]
}
