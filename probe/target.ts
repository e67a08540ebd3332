import { z } from 'zod'
import { allClouds, type CloudId, type clouds } from './clouds.ts'
import { choice } from './schema/choice.ts'
import { configLimits } from './schema/limits.ts'
import { targetName } from './target-name.ts'
import { readZillizHost, type ZillizHost } from './zilliz/host.ts'

/** One host watched by the probe. */
export const Target = choice(
  'cloud',
  allClouds.map(({ target }) => target)
)
/** One host watched by the probe, by the cloud that its endpoint is in. */
export type TargetOn = { readonly [Id in CloudId]: z.output<(typeof clouds)[Id]['target']> }
export type Target = TargetOn[CloudId]

/** The same, or a private link as Zilliz Cloud prints it, which says host, port, cloud and region. */
export const WrittenTarget = z.preprocess((written, context) => {
  if (typeof written !== 'string') return written
  const read = readZillizHost(withoutSlash(written))
  if (!('wrong' in read)) return targetOf(read, 'probe', `${read.label}-${read.port}`)
  context.addIssue(`${read.wrong}. ${read.remedy}`)
  return z.NEVER
}, Target)

/** Browsers put a slash behind what is copied from them. */
export function withoutSlash(link: string): string {
  return link.replace(/\/$/, '')
}

/** The environments of targets that are given as a private link alone: no deploy has them. */
export const nominalEnvironments = ['doctor', 'probe'] as const

/**
 * A target of what a private link says.
 *
 * @param environment replaces the environment that deployed it, which is not known
 * @param cluster the last part of its name, which must be its own
 */
export function targetOf(
  { host, port, cloud, region }: ZillizHost,
  environment: (typeof nominalEnvironments)[number],
  cluster: string
): Target {
  const name = targetName({ environment, link: `${cloud}-${region}`, cluster })
  return { host, port, cloud, region, environment, name }
}

/**
 * The targets of the probe. A stack's output `probe_config` has this form, as JSON.
 * An empty list of targets is valid: a link outputs it before Zilliz Cloud has allocated a host.
 */
export const ProbeConfig = z.strictObject({
  targets: z
    .array(WrittenTarget)
    .max(configLimits.targets)
    .describe('The hosts to watch: objects, or private links as Zilliz Cloud prints them.'),
  probes: z
    .int()
    .min(1)
    .max(1000)
    .describe(
      'How many probes watch these targets and are scraped by one Prometheus, including this probe. If fewer are scraped, an alert names the missing ones. A deploy sets this for its own probes. Default: not known.'
    )
    .optional(),
  cloudFacts: z
    .boolean()
    .describe(
      'If a target is not healthy, read the configuration of its endpoint, rules, zones and routes from the cloud, with the credentials of this machine. Requires the npm packages for the API of the cloud. Default: false.'
    )
    .optional()
})
export type ProbeConfig = z.output<typeof ProbeConfig>
