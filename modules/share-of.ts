import type { TerraformStack } from 'cdktf'
import type { CloudShare, Deployed, Link, Named } from './cloud.ts'
import type { PrivateLink } from './private-link.ts'
import type { Probe } from './probe.ts'

/** The private link of a cloud. It can add a probe that also watches other links of its network. */
interface WatchableLink<ProbeOptions> extends PrivateLink {
  addProbe(options: ProbeOptions, watched: readonly this[]): Probe
}

/** In what the links of one cloud differ from those of another. */
export interface LinksOnCloud<Options, Own extends { readonly probe?: unknown }, Made> {
  /** The links as they are written, by name. */
  readonly written: Readonly<Record<string, Options>>
  /** Reads a link of options that agree with each other. */
  read(options: Options): Own
  /** What is the same of a link on every cloud. */
  describe(link: Own): Link
  /** The network that a probe of the link judges. It watches every link with the same one. */
  probedNetwork(link: Own): string
  /** Whether the environment needs anything of this cloud. */
  readonly isUsed: boolean
  /** Loads what adds the provider and the zones to the stack, and gives what adds one link. */
  load(): Promise<(stack: TerraformStack, links: readonly Named<Own>[]) => (link: Named<Own>) => Made>
}

/** What an environment has on one cloud: its links, and the probes that watch them. */
export function shareOf<
  Options,
  Own extends { readonly probe?: unknown },
  Made extends WatchableLink<NonNullable<Own['probe']>>
>({ written, read, describe, probedNetwork, isUsed, load }: LinksOnCloud<Options, Own, Made>): CloudShare {
  const links = Object.entries(written).map(([name, options]) => ({ name, link: read(options) }))
  const addAll = (add: (link: Named<Own>) => Made): Deployed => {
    const all = links.map(each => ({ ...each, made: add(each) }))
    const near = (link: Own) =>
      all.filter(other => probedNetwork(other.link) === probedNetwork(link)).map(({ made }) => made)
    const probes = all.flatMap(({ name, link, made }) =>
      link.probe === undefined || link.probe === null ? [] : [[name, made.addProbe(link.probe, near(link))] as const]
    )
    return {
      links: Object.fromEntries(all.map(({ name, made }) => [name, made])),
      probes: Object.fromEntries(probes)
    }
  }
  return {
    links: Object.fromEntries(links.map(({ name, link }) => [name, describe(link)])),
    load: async () => {
      if (!isUsed) return () => ({ links: {}, probes: {} })
      const begin = await load()
      return stack => addAll(begin(stack, links))
    }
  }
}
