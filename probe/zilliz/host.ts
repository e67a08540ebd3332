import { shown } from '../config/mistakes.ts'

/** The domain under which Zilliz Cloud names its clusters. */
const zillizDomain = 'vectordb.zillizcloud.com'
const shape = `<cluster>.<aws|gcp>-<region>.${zillizDomain}:<port>`

/** A private link as Zilliz Cloud prints it, and what its name says. */
export interface ZillizHost {
  readonly host: string
  readonly port: number
  /** The first label: the cluster's id, mostly with `-privatelink` behind it. */
  readonly cluster: string
  readonly cloud: 'aws' | 'gcp'
  /** The cloud's own spelling. */
  readonly region: string
}

const byConfig = 'Write it as a target of a config file, with host, port, cloud and region.'

/**
 * Hosts that are not read, in the order in which they are looked for. Which clusters have a private link:
 * https://docs.zilliz.com/docs/setup-a-private-link-aws (dedicated and on-demand clusters).
 */
const unread: readonly (readonly [pattern: RegExp, wrong: string, remedy: string])[] = [
  [/\$\{|\{\{|[<>]|x{4}/i, 'is the example of a guide', 'Give the private link of your own cluster.'],
  [/\s/, 'has a space in it', 'Remove it.'],
  [/^[a-z][a-z+.-]*:\/\//i, 'is not reached by https', 'Zilliz Cloud answers TLS only. Leave the scheme out.'],
  [/[/?#]/, 'has a path', 'Give host:port and nothing behind it.'],
  [/[A-Z]/, 'is not in lower case', 'Write it as Zilliz Cloud prints it.'],
  [
    /\.serverless\./,
    'is a serverless cluster, which has no private link',
    'Give the private link of a dedicated or on-demand cluster.'
  ],
  [
    /\.global-cluster\./,
    'is a global cluster, which has no private link',
    'Give the private link of a member cluster.'
  ],
  [/\.api\.zillizcloud\.com(:|$)/, 'is the project endpoint of on-demand clusters, which is not read here', byConfig],
  [
    /\.byoc\.vectordb\.zillizcloud\.com(:|$)/,
    'is a cluster in your own cloud account (BYOC), which is not read here',
    byConfig
  ],
  [/\.zilliz\.com\.cn(:|$)/, 'is on the China site of Zilliz Cloud, which is not read here', byConfig],
  [/^[^.]*\.(az|azure|ali)-/, 'is on another cloud than AWS and Google Cloud', 'Give a host on one of these.']
]

/**
 * Reads a private link as Zilliz Cloud prints it: `https://host:port` or `host:port`.
 *
 * @returns what it says, or the one thing that is wrong with it: what was given, what to do
 */
export function readZillizHost(given: string): ZillizHost | { readonly mistake: string } {
  const refuse = (wrong: string, remedy: string) => ({ mistake: `${wrong}, got ${shown(given)}. ${remedy}` })
  // Not shown, for there is a password.
  if (given.includes('@')) return { mistake: 'has a user name in it. Give host:port alone.' }
  const address = given.replace(/^https:\/\//i, '').replace(/\/$/, '')
  const [, wrong, remedy] = unread.find(([pattern]) => pattern.test(address)) ?? []
  if (wrong !== undefined && remedy !== undefined) return refuse(wrong, remedy)

  const other = () => refuse(`is not ${shape}`, "Copy it from the cluster's page.")
  const [, host = '', port] = /^([^:]*)(?::(.*))?$/.exec(address) ?? []
  if (!host.endsWith(`.${zillizDomain}`)) return other()
  const [cluster = '', site = '', ...more] = host.slice(0, -zillizDomain.length - 1).split('.')
  const [, cloud, region] = /^(aws|gcp)-([a-z0-9-]+)$/.exec(site) ?? []
  if (cloud === undefined || region === undefined || more.length > 0) return other()
  if (!/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(cluster)) return other()
  if (port === undefined) return refuse('has no port', 'Append the one that Zilliz Cloud shows behind it.')
  if (!/^\d{1,5}$/.test(port) || Number(port) < 1 || Number(port) > 65_535) {
    return refuse('does not end in a port from 1 to 65535', 'Zilliz Cloud shows it behind the name.')
  }
  return { host, port: Number(port), cluster, cloud: cloud === 'aws' ? 'aws' : 'gcp', region }
}
