import { escapeProse } from '../observers/escape.ts'
import { Target } from '../target.ts'

const zillizDomain = 'vectordb.zillizcloud.com'
const shape = `<cluster>.<aws|gcp>-<region>.${zillizDomain}:<port>`

/** The mistakes that people make with a private link, in the order in which they are looked for. */
const mistakes: readonly (readonly [pattern: RegExp, wrong: string, remedy: string])[] = [
  [/\$\{|\{\{|[<>]|x{4}/i, 'is the example of a guide', 'give the private link of your own cluster'],
  [/\s/, 'has a space in it', 'remove it'],
  [/^[a-z]+:\/\//i, 'is not reached by https', 'Zilliz Cloud answers TLS only: leave the scheme out'],
  [/\/./, 'has a path', 'give host:port and nothing behind it'],
  [/[A-Z]/, 'is not in lower case', 'write it as Zilliz Cloud prints it'],
  [/\.serverless\./, 'is a serverless cluster', 'only dedicated clusters have a private link'],
  [/\.global-cluster\./, 'is a global cluster', 'give the private link of a member cluster'],
  [/^[^.]*\.(az|azure|ali)-/, 'is on another cloud than AWS and Google Cloud', 'only those are watched']
]

/**
 * Reads a target off a private link as Zilliz Cloud prints it: `https://host:port` or `host:port`. Cloud and region are
 * in the name; ids for the commands of a remedy are not.
 *
 * @returns the target, or the one thing that is wrong: what was given, what to do
 */
export function readHostArgument(argument: string): Target | { readonly mistake: string } {
  const refuse = (wrong: string, remedy: string) => ({
    mistake: `the private link ${wrong}: "${escapeProse(argument, 300)}"; ${remedy}`
  })
  const given = argument.replace(/^https:\/\//, '').replace(/\/$/, '')
  const mistake = mistakes.find(([pattern]) => pattern.test(given))
  if (mistake !== undefined) return refuse(mistake[1], mistake[2])

  const [, host = '', port] = /^([^:]*)(?::(.*))?$/.exec(given) ?? []
  if (!host.endsWith(`.${zillizDomain}`)) return refuse(`is not ${shape}`, "copy it from the cluster's page")
  const [cluster, site = '', ...more] = host.slice(0, -zillizDomain.length - 1).split('.')
  const [, cloud, region] = /^(aws|gcp)-(.+)$/.exec(site) ?? []
  if (cloud === undefined || more.length > 0) return refuse(`is not ${shape}`, "copy it from the cluster's page")
  if (port === undefined) return refuse('has no port', 'append the one that Zilliz Cloud shows behind it')
  if (!/^\d{1,5}$/.test(port) || Number(port) < 1 || Number(port) > 65_535) {
    return refuse('does not end in a port from 1 to 65535', 'Zilliz Cloud shows it behind the name')
  }
  const target = Target.safeParse({
    cloud,
    region,
    host,
    port: Number(port),
    environment: 'doctor',
    name: `doctor/${site}/${cluster}`
  })
  return target.success ? target.data : refuse(`is not ${shape}`, "copy it from the cluster's page")
}
