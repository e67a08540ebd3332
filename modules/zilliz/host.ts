import { z } from 'zod'
import type { CloudId } from '../../probe/clouds.ts'
import { shown } from '../../probe/schema/mistakes.ts'
import { readZillizHost } from '../../probe/zilliz/host.ts'
import type { NamedByHost } from '../../probe/zilliz/host-forms.ts'
import { distinct } from '../distinct.ts'
import { type Mistake, MistakesError } from '../mistakes.ts'
import { isToken } from '../token.ts'

/**
 * A name that Zilliz Cloud allocates to a cluster, with its port, or the endpoint of a project, which its on-demand clusters share.
 * The vendor lists it as "Private Link" on the cluster's page, once the endpoint is registered.
 */
export interface Host {
  /** `in01-840ec44485bf25d-privatelink.aws-us-west-2.vectordb.zillizcloud.com` */
  readonly name: string
  /** TCP port; it differs from the public endpoint's and from cluster to cluster. */
  readonly port: number
  /** The cluster's id, `in01-840ec44485bf25d`, or the id of the project that its on-demand clusters share: what keys the host's resources. */
  readonly cluster: string
  readonly names: NamedByHost
  readonly cloud: CloudId
  /** The cloud's own spelling, `us-west-2`, of the region that the name tells. */
  readonly region: string
}

/** A host that the deploy reads from Zilliz Cloud: its name and port are Terraform expressions, which may be known only at apply. */
export interface AllocatedHost extends Host {
  /**
   * A Terraform expression, without `${}`, of the port that Zilliz Cloud reports at plan, as text; empty while there is none. It is
   * asked for only if another host may have the same port.
   */
  portAtPlan(): string
}

/** A host that is written down, as one among hosts that are read at the deploy. */
export function addedHost(host: Host): AllocatedHost {
  return { ...host, portAtPlan: () => `"${host.port}"` }
}

/**
 * Reads a private link address as Zilliz prints it: `https://host:port` or `host:port`.
 *
 * @returns the host, or the one thing that is wrong with it: what was given and what to do
 */
export function readHost(given: string): Host | { readonly mistake: string } {
  if (given.includes('TfToken[')) {
    return {
      mistake:
        'must be known at synth, because its name keys resources, got a token of Terraform. Write it as Zilliz Cloud prints it, or let zilliz read it by its cluster.'
    }
  }
  const read = readZillizHost(given)
  if ('wrong' in read) return { mistake: `${read.wrong}. ${read.remedy}` }
  const { host: name, label: _, ...link } = read
  return { ...link, name }
}

/** One host of a link, read from the text that Zilliz prints. */
const WrittenHost = z.string().transform((given, context): Host => {
  const host = readHost(given)
  if (!('mistake' in host)) return host
  context.addIssue({ code: 'custom', message: host.mistake })
  return z.NEVER
})

/** The hosts of a link: none before its endpoint is registered, then one for each cluster. */
export const ZillizHosts = distinct(
  WrittenHost,
  host => host.cluster,
  (host, first) =>
    `names ${host.names} ${host.cluster} again, got ${shown(host.name)}. Remove it: hosts[${first}] has it already.`
)
  .default([])
  .describe(
    'The private links of the clusters as Zilliz Cloud prints them, `https://host:port`, and the project endpoint of on-demand clusters. Default: none, for the first deploy, before the endpoint is registered.'
  )

/**
 * What is wrong with hosts that Zilliz Cloud did not allocate in the cloud and region of the link's service.
 * The endpoint would connect to a service that does not serve them.
 *
 * @param hosts as read; those that could not be read are ignored
 */
export function hostsElsewhere(
  hosts: readonly Partial<Host>[] | undefined,
  cloud: CloudId,
  region: string
): readonly Mistake[] {
  if (!Array.isArray(hosts)) return []
  return hosts.flatMap((host, index) => {
    if (host?.name === undefined || (host.cloud === cloud && host.region === region)) return []
    const there = `${host.cloud}-${host.region}`
    return [
      {
        path: ['hosts', index],
        message: `is in ${there}, but the service of this link is in ${cloud}-${region}, got ${shown(host.name)}. Put it on a link to ${there}.`
      }
    ]
  })
}

/** What a host that is added to a link must fit. */
interface LinkOfHost {
  readonly cloud: CloudId
  /** The region of its service, which may be a token. */
  readonly region: string
  /** The hosts that it has. */
  readonly hosts: readonly Host[]
}

/**
 * Reads a host that is added to a link.
 *
 * @param where what the mistake's line starts with
 * @throws MistakesError if it is no host of the link's service, or its cluster has one already
 */
export function readAddedHost(where: string, given: string, { cloud, region, hosts }: LinkOfHost): Host {
  const host = readHost(given)
  if ('mistake' in host) throw new MistakesError([`${where}: ${host.mistake}`])
  if (hosts.some(({ cluster }) => cluster === host.cluster)) {
    throw new MistakesError([
      `${where}: names ${host.names} ${host.cluster} again, got ${shown(host.name)}. Remove one.`
    ])
  }
  const [elsewhere] = hostsElsewhere([host], cloud, isToken(region) ? host.region : region)
  if (elsewhere !== undefined) throw new MistakesError([`${where}: ${elsewhere.message}`])
  return host
}
