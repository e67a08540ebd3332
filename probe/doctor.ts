import { getServers } from 'node:dns'
import { setTimeout } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { Command, CommanderError } from 'commander'
import type { Resolver } from './cases/observation.ts'
import { type Consultation, consult } from './doctor/consult.ts'
import { readHostArgument } from './doctor/host-argument.ts'
import { json } from './doctor/json.ts'
import { printed, printedAgain } from './doctor/print.ts'
import { readResolverArgument } from './doctor/resolver-argument.ts'
import { readTargets } from './doctor/targets.ts'
import { trustWith } from './doctor/trust.ts'
import { WrongUse } from './doctor/wrong-use.ts'
import { createLibcObserver } from './observers/libc.ts'
import { defaultBudget, type Watch } from './round.ts'
import type { Target } from './target.ts'

interface Options {
  readonly config?: string
  readonly environment?: string
  readonly target?: string
  readonly resolver: readonly string[]
  readonly ca?: string
  readonly json?: true
  readonly watch?: true
  readonly allowLoopback?: boolean
}

const exitCodes = { healthy: 0, 'not-healthy': 1, 'could-not-tell': 2 } as const
const watchIntervalMs = 10_000

const program = new Command('doctor')
  .usage('[options] <private link>')
  .description('Looks at a private link to Zilliz Cloud once, and says what is wrong with it and what to do.')
  .argument('[private link]', 'as Zilliz Cloud prints it: https://in01-….aws-us-west-2.vectordb.zillizcloud.com:19531')
  .option('--config <file>', "look at the targets of the probe's config instead; their ids fill in the commands")
  .option('--environment <name>', 'only at those of this environment')
  .option('--target <name>', 'only at this one')
  .option(
    '--resolver <address[:port]>',
    'ask this one instead of those of /etc/resolv.conf; repeatable',
    (each: string, others: string[]) => [...others, each],
    []
  )
  .option('--ca <file>', 'trust the authorities in this file (PEM) as well')
  .option('--json', 'print one JSON object for each round of each target')
  .option('--watch', 'look again every 10 seconds, until Ctrl-C')
  .option('--allow-loopback', 'connect to loopback addresses as well, for tests and the demo')
  .addHelpText('after', '\nExits with 0 if healthy, 1 if not, 2 if that could not be told, or for a wrong use.')
  .showHelpAfterError('see: npm run doctor -- --help')
  .exitOverride()
  .action(async (link: string | undefined, options: Options) => {
    // A lookup of libc that hangs cannot be cancelled: it must not hold the process.
    process.exit(await run(watchesFor(link, options), options))
  })

try {
  await program.parseAsync()
} catch (error) {
  if (error instanceof WrongUse) console.error(`doctor: ${error.message}`)
  else if (!(error instanceof CommanderError)) throw error
  process.exitCode = error instanceof CommanderError && error.exitCode === 0 ? 0 : exitCodes['could-not-tell']
}

function watchesFor(link: string | undefined, { resolver, ca, allowLoopback = false, ...options }: Options): Watch[] {
  const given = resolver.map(each => rightly(readResolverArgument(each)))
  const trust = trustWith(ca)
  return targetsFor(link, options).map(target => ({
    target,
    resolvers: given.length > 0 ? given : systemResolvers(),
    // libc asks the system's resolvers, whichever are given.
    observeLibc: given.length > 0 ? undefined : createLibcObserver(),
    trust,
    budget: defaultBudget,
    allowLoopback
  }))
}

function targetsFor(
  link: string | undefined,
  { config, environment, target }: Pick<Options, 'config' | 'environment' | 'target'>
): readonly Target[] {
  if ((link === undefined) === (config === undefined)) {
    throw new WrongUse('give either a private link, as Zilliz Cloud prints it, or --config with a file; see --help')
  }
  if (link !== undefined) return [rightly(readHostArgument(link))]
  const all = readTargets(config ?? '')
  const chosen = all.filter(
    each =>
      (environment === undefined || each.environment === environment) && (target === undefined || each.name === target)
  )
  if (chosen.length > 0) return chosen
  throw new WrongUse(`nothing to look at: the config has ${all.map(({ name }) => name).join(', ') || 'no target'}`)
}

function systemResolvers(): readonly Resolver[] {
  return getServers().map(each => rightly(readResolverArgument(each)))
}

function rightly<T extends object>(read: T | { readonly mistake: string }): T {
  if ('mistake' in read) throw new WrongUse(read.mistake)
  return read
}

/** Looks at all targets, once or until somebody interrupts. */
async function run(watches: readonly Watch[], options: Options): Promise<number> {
  const over = new AbortController()
  process.once('SIGINT', () => over.abort())
  process.once('SIGTERM', () => over.abort())
  const last = new Map<Target, Consultation>()
  try {
    for (;;) {
      const start = performance.now()
      for (const watch of watches) {
        const consultation = await consult(watch, over.signal)
        console.log(shown(consultation, last.get(watch.target), options))
        last.set(watch.target, consultation)
      }
      if (options.watch === undefined) break
      await setTimeout(watchIntervalMs - (performance.now() - start), undefined, { signal: over.signal })
    }
  } catch (error) {
    if (!over.signal.aborted) throw error
  }
  const verdicts = new Set([...last.values()].map(({ verdict }) => verdict))
  const worst = (['not-healthy', 'could-not-tell', 'healthy'] as const).find(verdict => verdicts.has(verdict))
  return exitCodes[worst ?? 'could-not-tell']
}

function shown(now: Consultation, before: Consultation | undefined, options: Options): string {
  if (options.json) return json(now)
  if (before === undefined) return `${printed(now)}\n`
  return isDeepStrictEqual(outcome(now), outcome(before)) ? printedAgain(now) : `\n${printed(now)}\n`
}

const outcome = ({ diagnosis, impairments }: Consultation) => [
  diagnosis.case.id,
  diagnosis.findings.map(({ finding, about }) => [finding.id, about]),
  impairments
]
