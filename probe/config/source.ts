import { z } from 'zod'
import type { Resolver } from '../facts/observation.ts'
import { type Trust, trustIn } from '../observers/trust.ts'
import { listed } from '../schema/mistakes.ts'
import { allRead, ConfigError, readInput } from '../schema/read.ts'
import { WrittenTarget } from '../target.ts'
import { readAuthorities } from './authorities.ts'
import { Config } from './config.ts'
import { otherKind } from './other-kind.ts'
import { environmentsIn, readDeployedConfig } from './outputs.ts'
import { parse } from './parse.ts'
import { placeOf, readText } from './read-text.ts'
import { systemResolversFile, withSystemResolvers } from './system-resolvers.ts'

/** Where a config comes from. The targets of the outputs and the links are added to the config's. */
export interface ConfigSource {
  /** A file in JSON or YAML, written by hand or by a program. */
  readonly file?: string | undefined
  /** What `cdktf deploy --outputs-file` wrote, and the environment of which the targets are wanted. */
  readonly outputs?: { readonly file: string; readonly environment: string } | undefined
  /** A config in JSON, for a place without files; counts if there is no `file`. */
  readonly json?: string | undefined
  /** Private links as Zilliz Cloud prints them, to watch as targets, by where they are given. @default - none */
  readonly links?: readonly GivenLinks[] | undefined
}

/** Private links that are given in one place outside of a config. */
export interface GivenLinks {
  /** What their mistakes are reported under. */
  readonly where: string
  readonly links: readonly string[]
}

const LinksAlone = z.object({ targets: z.array(WrittenTarget) })

/** A config as it is written. */
export interface WrittenConfig {
  readonly config: Config
  /** Files that a change of changes the config, or what it refers to. */
  readonly files: readonly string[]
}

/** A config, and what it refers to. */
export interface Loaded extends WrittenConfig {
  readonly resolvers: readonly Resolver[]
  readonly trust: Trust
  /** The authorities to trust in addition to those of the system, in PEM. */
  readonly authorities: string | undefined
}

/**
 * Reads a config, and nothing that it refers to.
 *
 * @throws ConfigError with one line for each mistake
 */
export async function readConfig({ file, outputs, json, links = [] }: ConfigSource): Promise<WrittenConfig> {
  const given = links.filter(({ links }) => links.length > 0)
  if (file === undefined && outputs === undefined && json === undefined && given.length === 0) {
    throw new ConfigError([
      'no config is given. Give private links, or set --config, --outputs with --environment, PROBE_CONFIG or PROBE_TARGETS.'
    ])
  }
  const where = sourceName({ file, outputs, json, links: given })
  const readAlone = given.map(async each => readInput(LinksAlone, { targets: each.links }, each.where))
  const readBeside = async () => {
    const [written, deployed] = await allRead([
      writtenIn(file, json, where),
      outputs === undefined ? Promise.resolve(undefined) : readDeployedConfig(outputs.file, outputs.environment)
    ])
    // Those with mistakes are reported where they are given.
    const alone = (await Promise.allSettled(readAlone)).map(each =>
      each.status === 'fulfilled' ? each.value : { targets: [] }
    )
    return readInput(
      Config,
      [...(deployed === undefined ? [] : [deployed]), ...alone].reduce(withTargets, written),
      outputs === undefined || file === undefined ? where : `${where} with ${placeOf(outputs.file, undefined)}`
    )
  }
  const [config] = await allRead([readBeside(), ...readAlone])
  const { tls, basicAuth } = config.listen
  return {
    config,
    files: [
      file,
      outputs?.file,
      config.caFile,
      asksSystem(config) ? systemResolversFile : undefined,
      tls?.certFile,
      tls?.keyFile,
      basicAuth?.passwordFile,
      config.otlp?.authorizationFile
    ].filter(each => each !== undefined)
  }
}

/**
 * Reads what a config refers to, so that hosts can be watched.
 *
 * @throws ConfigError with one line for each mistake
 */
export async function loadReferred({ config, files }: WrittenConfig): Promise<Loaded> {
  const [resolvers, authorities] = await allRead([
    readResolvers(config),
    config.caFile === undefined ? Promise.resolve(undefined) : readAuthorities(config.caFile, 'caFile')
  ])
  return {
    config,
    files,
    resolvers,
    trust: trustIn(authorities),
    authorities
  }
}

/**
 * Reads a config and everything that it refers to.
 *
 * @throws ConfigError with one line for each mistake
 */
export async function loadConfig(source: ConfigSource): Promise<Loaded> {
  return loadReferred(await readConfig(source))
}

/** What the mistakes in a config are reported under. */
function sourceName({ file, outputs, json, links = [] }: ConfigSource): string {
  if (file !== undefined) return placeOf(file, undefined)
  if (json !== undefined) return 'PROBE_CONFIG'
  return outputs === undefined ? links.map(({ where }) => where).join(' with ') : placeOf(outputs.file, undefined)
}

async function writtenIn(file: string | undefined, json: string | undefined, where: string): Promise<unknown> {
  if (file === undefined) return json === undefined ? {} : parse(json, where, true)
  const written = await parse(await readText(file), where, /\.json$/i.test(file))
  const environments = environmentsIn(written)
  const mistake =
    environments.length === 0
      ? otherKind(written)
      : `is what a deploy put out, not a config. Give it as --outputs, with --environment ${listed(environments)}.`
  if (mistake !== undefined) throw new ConfigError([`${where}: ${mistake}`])
  return written
}

const system: Resolver = { name: 'system', address: 'system', port: 53 }

function asksSystem({ resolvers = [system] }: Config): boolean {
  return resolvers.some(({ address }) => address === 'system')
}

async function readResolvers(config: Config): Promise<readonly Resolver[]> {
  const { resolvers = [system] } = config
  return asksSystem(config)
    ? withSystemResolvers(resolvers, await readText(systemResolversFile, { hasComments: true, mayBeEmpty: true }))
    : resolvers
}

/** The settings of the one and the targets of both; whatever is not a list is left for the schema to refuse. */
function withTargets(settings: unknown, deployed: Readonly<Record<string, unknown>>): unknown {
  if (typeof settings !== 'object' || settings === null || Array.isArray(settings)) return settings
  const { targets: own = [] } = { targets: undefined, ...settings }
  const { targets } = deployed
  return {
    ...settings,
    ...deployed,
    targets: Array.isArray(own) && Array.isArray(targets) ? [...own, ...targets] : targets
  }
}
