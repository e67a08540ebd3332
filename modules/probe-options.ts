import { z } from 'zod'
import { shown } from '../probe/schema/mistakes.ts'
import { shapedText } from '../probe/schema/shaped-text.ts'
import { isAnywhere } from './cidr.ts'
import type { Claim } from './claim.ts'
import type { Mistake } from './mistakes.ts'
import type { Host } from './zilliz/host.ts'

/**
 * A container image by registry, repository, and tag or digest. Without a tag, or with `latest`, what runs would be decided by
 * when it was pulled.
 * https://github.com/distribution/reference/blob/main/reference.go has the grammar.
 */
const Image = shapedText({
  pattern:
    /^[a-z0-9][a-z0-9.-]*(?::\d+)?(?:\/[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*)+(?::[\w][\w.-]{0,127})?(?:@sha256:[0-9a-f]{64})?$/,
  is: 'an image with its registry and tag such as registry.example.com/privatelink-probe:1.0.0',
  find: "Copy it from what `docker push` printed, or from the registry's page.",
  slip: given => {
    const tag = /^[^@]*:([\w.-]+)$/.exec(given)?.[1]
    if (tag === 'latest') return `must have a tag that stays, got ${shown(given)}. Give a version or a digest.`
    if (tag === undefined && !given.includes('@') && /^[a-z0-9.-]+(?::\d+)?\/[a-z0-9._/-]+$/.test(given)) {
      return `has neither tag nor digest, got ${shown(given)}. Append the version, such as :1.0.0.`
    }
    return undefined
  }
})

/** The options of a deployed probe on every cloud. */
export const commonProbeOptions = {
  image: Image.describe(
    'The image of the probe: [build and push it](../../probe/guides/run.md#run-it-in-a-container) to a registry that the network reaches.'
  ),
  port: z
    .int()
    .min(1024, 'must be from 1024 to 65535. The probe does not run as root.')
    .max(65535, 'must be from 1024 to 65535. The probe does not run as root.')
    .default(9815)
    .describe('The TCP port of its metrics and its status page.'),
  cloudFacts: z
    .boolean()
    .default(false)
    .describe(
      '[Ask the cloud](../../probe/guides/diagnose.md#find-the-cause) why a host is not healthy. The deploy grants the probe read access to the configuration of endpoint, rules, zones and routes, and nothing else.'
    )
}

/** What is wrong between a probe's options and its link. A field that could not be read takes no part. */
export function probeMistakes(probe: unknown, hosts: readonly Partial<Host>[] | undefined): readonly Mistake[] {
  if (typeof probe !== 'object' || probe === null) return []
  const { port = 9815, scrapeFrom }: { port?: unknown; scrapeFrom?: unknown } = probe
  const inUse = Array.isArray(hosts) ? hosts.find(host => host?.port === port) : undefined
  return [
    ...(inUse === undefined
      ? []
      : [
          {
            path: ['probe', 'port'],
            message: `is the port of ${inUse.name}, got ${shown(port)}. Give the probe another, so that rules tell the two apart.`
          }
        ]),
    ...(Array.isArray(scrapeFrom) ? scrapeFrom : []).flatMap((source, index) =>
      isAnywhere(source)
        ? [
            {
              path: ['probe', 'scrapeFrom', index],
              message: `lets every address read the metrics, got ${shown(source)}. Name where Prometheus connects from.`
            }
          ]
        : []
    )
  ]
}

/** The probe of an environment in a network. */
export function probeClaim(environment: string, network: string): Claim {
  return {
    what: `the probe of ${environment} in ${network}`,
    wayOut: 'Take probe out of one of them, the other watches the hosts of both.'
  }
}
