import { allClouds, type CloudId } from '../clouds.ts'
import { shown } from '../schema/mistakes.ts'
import { formWords, hostForms, type NamedByHost, patternOf } from './host-forms.ts'

/** The highest TCP port. */
export const highestPort = 65535

/** A private link as Zilliz Cloud prints it, and what its name says. */
export interface ZillizHost {
  /** `in01-840ec44485bf25d-privatelink.aws-us-west-2.vectordb.zillizcloud.com` */
  readonly host: string
  /** TCP port; it differs from the public endpoint's and from cluster to cluster. */
  readonly port: number
  /** The first label of the name: the cluster's id, usually with `-privatelink` behind it, or the project's id. */
  readonly label: string
  /** The id of what the host names: `in01-840ec44485bf25d`, or that of the project whose on-demand clusters share it. */
  readonly cluster: string
  readonly names: NamedByHost
  readonly cloud: CloudId
  /** The cloud's own spelling of the region. */
  readonly region: string
}

/** The cloud and region of a host's second label, `aws-us-west-2`; `undefined` if it names no cloud that is known. */
export function readSite(site: string): Pick<ZillizHost, 'cloud' | 'region'> | undefined {
  const cloud = allClouds.find(({ id }) => site.startsWith(`${id}-`) && site.length > id.length + 1)
  return cloud === undefined ? undefined : { cloud: cloud.id, region: site.slice(cloud.id.length + 1) }
}

/** The cluster's id in a host's first label. */
export function clusterIdOf(label: string): string {
  return label.replace(/-privatelink$/, '')
}

const namePatterns = hostForms.map(form => ({ form, pattern: new RegExp(`^${patternOf(form, '([a-z0-9-]+)')}$`) }))

/** What a host's name says, apart from its port. */
interface ReadName {
  readonly form: (typeof hostForms)[number]
  readonly label: string
  readonly site: string
}

/** Reads the name of a host; `undefined` if it has none of the forms. */
export function readHostName(host: string): ReadName | undefined {
  for (const { form, pattern } of namePatterns) {
    const [, label, site] = pattern.exec(host) ?? []
    if (label !== undefined && site !== undefined) return { form, label, site }
  }
  return undefined
}

const asTarget = 'The probe accepts it as a target of a config, with host, port, cloud and region.'

/**
 * Hosts that are not read, in the order in which they are looked for. Dedicated and on-demand clusters have a private link:
 * https://docs.zilliz.com/docs/setup-a-private-link-aws
 */
const unread: readonly (readonly [pattern: RegExp, wrong: string, remedy: string])[] = [
  [/x{4}/i, 'is the example of a guide', 'Put the private link of your own cluster in its place.'],
  [/^[a-z][a-z0-9+.-]*:\/\//i, 'must be reached by https', 'Zilliz Cloud accepts TLS only.'],
  [/[/?#]/, 'must be host:port and nothing behind it', 'Remove the path.'],
  [/^[^:]*[A-Z]/, 'must be in lower case', 'Write it as Zilliz prints it.'],
  [/\.serverless\./, 'is a serverless cluster, which has no private link', 'Give the host of a dedicated cluster.'],
  [
    /\.global-cluster\./,
    'is the endpoint of a global cluster, which has no private link',
    'Give the private link of each member cluster, and change the address of the clients after a failover.'
  ],
  [
    /\.byoc\.(vectordb\.)?zillizcloud\.com(:|$)/,
    "is a cluster in your own cloud account (BYOC), whose endpoint service is your own and not Zilliz Cloud's",
    `Connect to it as the BYOC pages of Zilliz Cloud describe. ${asTarget}`
  ],
  [/\.zilliz\.com\.cn(:|$)/, 'is on the China site of Zilliz Cloud, which is not read here', asTarget]
]

/** What is wrong with a host, and what to do about it. */
export interface UnreadHost {
  /** The end of a sentence about it. What was given is part of it, unless that may be a password. */
  readonly wrong: string
  readonly remedy: string
}

/** Reads a private link as Zilliz Cloud prints it: `https://host:port` or `host:port`. */
export function readZillizHost(given: string): ZillizHost | UnreadHost {
  const refuse = (wrong: string, remedy: string): UnreadHost => ({ wrong: `${wrong}, got ${shown(given)}`, remedy })
  if (given.includes('@')) return { wrong: 'has a user name in it', remedy: 'Give host:port alone.' }
  const placeholder = /\$\{[^}]*\}|\{\{[^}]*\}\}|<[^<>]*>/.exec(given)?.[0]
  if (placeholder !== undefined) {
    return refuse(`still holds the placeholder ${shown(placeholder).slice(1, -1)}`, 'Put the real value in its place.')
  }
  if (/\s/.test(given)) return refuse('must not hold spaces', 'Remove them.')
  const address = given.replace(/^https:\/\//i, '')
  const [, wrong, remedy] = unread.find(([pattern]) => pattern.test(address)) ?? []
  if (wrong !== undefined && remedy !== undefined) return refuse(wrong, remedy)

  const [host = '', ...written] = address.split(':')
  const read = readHostName(host)
  if (read === undefined) {
    return refuse(
      `must be ${or.format(hostForms.map(form => formWords(form)))}`,
      "Copy the private link from the cluster's page."
    )
  }
  const { form, label, site } = read
  const place = readSite(site)
  if (place === undefined) return refuse(...unknownSite(site))
  const [port = '', ...more] = written.length === 0 && form.port !== undefined ? [String(form.port)] : written
  if (port === '')
    return refuse('has no port', 'Append the one that Zilliz Cloud shows at the end of the private link.')
  if (more.length > 0 || !/^\d{1,5}$/.test(port) || Number(port) < 1 || Number(port) > highestPort) {
    return refuse('must end in a port from 1 to 65535', 'Zilliz Cloud shows it at the end of the private link.')
  }
  return { host, port: Number(port), label, cluster: clusterIdOf(label), names: form.names, ...place }
}

const or = new Intl.ListFormat('en', { type: 'disjunction' })

/** What is wrong with a second label that names no cloud that is known. */
function unknownSite(site: string): readonly [wrong: string, remedy: string] {
  const prefixes = allClouds.map(({ id }) => `${id}-`).join(' and ')
  if (/^(az|azure|ali)-/.test(site)) {
    return ['is on a cloud that this project does not deploy to', `Hosts of ${prefixes} regions are supported.`]
  }
  const meant = allClouds.find(({ region }) => region.safeParse(site).success)
  return meant === undefined
    ? ['names no region of a cloud that this project deploys to', `Hosts of ${prefixes} regions are supported.`]
    : ['lacks the cloud before its region', `Zilliz Cloud writes ${meant.id}-${site}, not ${site}.`]
}
