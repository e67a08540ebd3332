import { z } from 'zod'
import { shown } from '../probe/config/mistakes.ts'
import { leftover } from '../probe/config/shaped-text.ts'
import { distinct } from './distinct.ts'
import type { Mistake } from './mistakes.ts'

/** The clouds on which Zilliz Cloud publishes a private link that this project deploys. */
export type Cloud = 'aws' | 'gcp'

/** The domain under which Zilliz Cloud names every cluster; the guide makes a private zone of it. */
export const zillizDomain = 'vectordb.zillizcloud.com'

/**
 * A name that Zilliz Cloud allocates to a cluster, with its port.
 * The vendor lists it as "Private Link" on the cluster's page, once the endpoint is registered.
 */
export interface Host {
  /** `in01-840ec44485bf25d-privatelink.aws-us-west-2.vectordb.zillizcloud.com` */
  readonly name: string
  /** TCP port; it differs from the public endpoint's and from cluster to cluster. */
  readonly port: number
  /** The cluster's id, `in01-840ec44485bf25d`: what keys the host's resources. */
  readonly cluster: string
  readonly cloud: Cloud
  /** The cloud's own spelling, `us-west-2`, of the region that the name tells. */
  readonly region: string
}

/** A host that the deploy reads from Zilliz Cloud: its name and port are Terraform expressions, which may be known only at apply. */
export interface AllocatedHost extends Host {
  /** A Terraform expression, without `${}`, of the port that Zilliz Cloud reports at plan, as text; empty while there is none. */
  readonly portAtPlan: string
}

/**
 * The form of a host's name: the one list that literals, and what the API of Zilliz Cloud answers, are held to.
 *
 * @param site matches the cloud and region: `aws-us-west-2`
 * @returns a regular expression of the whole name, without anchors, that JavaScript and Terraform (RE2) read alike; its
 *   first group is the cluster's label
 */
export function hostForm(site: string): string {
  return `([a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)[.]${site}[.]${zillizDomain.replaceAll('.', '[.]')}`
}

const hostName = new RegExp(`^${hostForm('([a-z0-9-]+)')}$`)

/** The highest TCP port. */
export const highestPort = 65535

/**
 * Reads a private link address as Zilliz prints it: `https://host:port` or `host:port`.
 *
 * @returns the host, or the one thing that is wrong with it: what was given and what to do
 */
export function readHost(given: string): Host | { readonly mistake: string } {
  const refuse = (wrong: string, remedy: string) => ({ mistake: `${wrong}, got ${shown(given)}; ${remedy}` })

  const left = leftover(given)
  if (left !== undefined) return { mistake: left }
  if (/x{4}/i.test(given)) {
    return refuse('is the example of a guide', 'put the private link of your own cluster in its place')
  }
  const [, scheme, address = given] = /^([a-z]+):\/\/(.*)$/i.exec(given) ?? []
  if (scheme !== undefined && scheme.toLowerCase() !== 'https')
    return refuse('must be reached by https', 'Zilliz Cloud answers TLS only')
  if (address.includes('/')) return refuse('must be host:port and nothing behind it', 'remove the path')

  const [name = '', port = '', ...more] = address.split(':')
  if (/[A-Z]/.test(name)) return refuse('must be in lower case', 'write it as Zilliz prints it')
  const labels = name.split('.')
  if (labels.includes('serverless')) {
    return refuse('is a serverless cluster, which has no private link', 'give the host of a dedicated cluster')
  }
  if (labels.includes('global-cluster')) {
    return refuse('is a global cluster, which has no private link', 'give the hosts of its member clusters')
  }
  const [, label, site] = hostName.exec(name) ?? []
  if (label === undefined || site === undefined) {
    return refuse(
      `must be <cluster>.<cloud>-<region>.${zillizDomain}:<port>`,
      "copy the private link from the cluster's page"
    )
  }
  if (/^(az|azure|ali)-/.test(site)) {
    return refuse('is on a cloud that this project does not deploy to', 'hosts of aws- and gcp- regions are')
  }
  const [, cloud, region] = /^(aws|gcp)-(.+)$/.exec(site) ?? []
  if (cloud === undefined || region === undefined) {
    const meant = /-\d+$/.test(site) ? 'aws' : 'gcp'
    return refuse('lacks the cloud before its region', `Zilliz writes ${meant}-${site}, not ${site}`)
  }
  if (port === '') return refuse('has no port', 'append the one that Zilliz shows behind the private link')
  if (more.length > 0 || !/^\d{1,5}$/.test(port) || Number(port) < 1 || Number(port) > highestPort) {
    return refuse('must end in a port from 1 to 65535', 'Zilliz shows it behind the private link')
  }
  return {
    name,
    port: Number(port),
    cluster: label.replace(/-privatelink$/, ''),
    cloud: cloud === 'aws' ? 'aws' : 'gcp',
    region
  }
}

/** One host of a link, read from the text that Zilliz prints. */
const ZillizHost = z.string().transform((given, context): Host => {
  const host = readHost(given)
  if (!('mistake' in host)) return host
  context.addIssue({ code: 'custom', message: host.mistake })
  return z.NEVER
})

/** The hosts of a link: none before its endpoint is registered, then one for each cluster. */
export const ZillizHosts = distinct(
  ZillizHost,
  host => host.cluster,
  (host, first) => `names cluster ${host.cluster} again, got ${shown(host.name)}; hosts[${first}] has it, remove one`
)
  .default([])
  .describe(
    'The private links of the clusters as Zilliz Cloud prints them, `https://host:port`. Left out: step one, before the endpoint is registered.'
  )

/**
 * What is wrong with hosts that Zilliz did not allocate in the cloud and region of the link's service:
 * the endpoint would lead to a service that does not serve them.
 *
 * @param hosts as read; those that could not be read take no part
 */
export function hostsElsewhere(
  hosts: readonly Partial<Host>[] | undefined,
  cloud: Cloud,
  region: string
): readonly Mistake[] {
  if (!Array.isArray(hosts)) return []
  return hosts.flatMap((host, index) => {
    if (host?.name === undefined || (host.cloud === cloud && host.region === region)) return []
    const there = `${host.cloud}-${host.region}`
    return [
      {
        path: ['hosts', index],
        message: `is in ${there}, but the service of this link is in ${cloud}-${region}, got ${shown(host.name)}; put it on a link to ${there}`
      }
    ]
  })
}
