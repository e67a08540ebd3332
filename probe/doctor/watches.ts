import { WrongUse } from '../command/wrong-use.ts'
import { type ConfigSource, loadConfig } from '../config/source.ts'
import type { Resolver } from '../facts/observation.ts'
import { defaultBudget } from '../rounds/budget.ts'
import { createRoundPatience } from '../rounds/round-patience.ts'
import type { Watch } from '../rounds/watch.ts'
import { listed, shown } from '../schema/mistakes.ts'
import { type Target, withoutSlash } from '../target.ts'
import { readZillizHost } from '../zilliz/host.ts'
import { readHostArguments } from './host-argument.ts'
import { observeLibcApart } from './libc-apart.ts'
import { readResolverArgument } from './resolver-argument.ts'

/** The options of the command line, without the private link. */
export interface WatchOptions {
  readonly config?: string
  readonly outputs?: string
  readonly environment?: string
  readonly target?: string
  readonly resolver: readonly string[]
  readonly ca?: string
  readonly allowLoopback?: true
}

/**
 * What to check, and how.
 *
 * @throws WrongUse or ConfigError with what is wrong
 */
export async function watchesFor(links: readonly string[], choice: WatchOptions): Promise<readonly Watch[]> {
  const given = choice.resolver.map((each, index) => rightly(readResolverArgument(each, nameOf(index))))
  const { config, resolvers, trust } = await loadConfig(sourceFor(links, choice, given))
  const chosen = config.targets.filter(target => choice.target === undefined || isMeant(choice.target, target))
  if (chosen.length === 0) {
    const names = config.targets.map(({ name }) => name)
    throw new WrongUse(
      choice.target === undefined || names.length === 0
        ? 'nothing to check: there are no targets. Add one to the config, or deploy a host.'
        : `--target: no target has that name, got ${shown(choice.target)}. Choose ${listed(names)}.`
    )
  }
  return chosen.map(target => ({
    target,
    resolvers: given.length > 0 ? given : resolvers,
    // libc asks the system's resolvers, whichever are given.
    observeLibc: given.length > 0 ? undefined : observeLibcApart,
    trust,
    budget: defaultBudget,
    patience: createRoundPatience(),
    allowLoopback: config.allowLoopback
  }))
}

function sourceFor(links: readonly string[], choice: WatchOptions, given: readonly Resolver[]): ConfigSource {
  const { config, outputs, environment, ca, allowLoopback } = choice
  if ([links[0], config, outputs].filter(each => each !== undefined).length !== 1) {
    throw new WrongUse('give one of private links as Zilliz Cloud prints them, --config, or --outputs. See --help.')
  }
  if ((outputs === undefined) !== (environment === undefined)) {
    throw new WrongUse('--outputs and --environment: only one of them is given. Give both or neither.')
  }
  if (config !== undefined) {
    if (ca === undefined && allowLoopback === undefined) return { file: config }
    throw new WrongUse(
      '--ca and --allow-loopback do not go with --config: write caFile and allowLoopback in the config'
    )
  }
  const settings = {
    ...(links.length === 0 ? {} : { targets: readHostArguments(links) }),
    ...(given.length === 0 ? {} : { resolvers: given }),
    ...(ca === undefined ? {} : { caFile: ca }),
    ...(allowLoopback === undefined ? {} : { allowLoopback })
  }
  return {
    json: JSON.stringify(settings),
    outputs: outputs === undefined || environment === undefined ? undefined : { file: outputs, environment }
  }
}

/** Whether a target is the one of this name, or of this private link. */
function isMeant(given: string, { name, host, port }: Target): boolean {
  const link = readZillizHost(withoutSlash(given))
  return 'wrong' in link ? name === given : host === link.host && port === link.port
}

const nameOf = (index: number) => (index === 0 ? 'resolver' : `resolver-${index + 1}`)

function rightly<T extends object>(read: T | { readonly mistake: string }): T {
  if ('mistake' in read) throw new WrongUse(read.mistake)
  return read
}
