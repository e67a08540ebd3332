import { z } from 'zod'
import { listed } from '../schema/mistakes.ts'
import { ConfigError, readInput } from '../schema/read.ts'
import { otherKind } from './other-kind.ts'
import { parse } from './parse.ts'
import { placeOf, readText } from './read-text.ts'

/** What a deploy put out for one environment, as far as the probe is concerned. */
const ProbeOutputs = z.record(z.string(), z.looseObject({ probe_config: z.string().optional() }))

/**
 * Reads the file that a deploy wrote with `--outputs-file`.
 *
 * @param schema what is read of it
 * @throws ConfigError with one line for each mistake, or with what the file is instead
 */
export async function readOutputs<Schema extends z.ZodType>(file: string, schema: Schema): Promise<z.output<Schema>> {
  const where = placeOf(file, undefined)
  const written = await parse(await readText(file), where, /\.json$/i.test(file))
  const mistake = otherKind(written) ?? config(written) ?? text(written)
  if (mistake !== undefined) throw new ConfigError([`${where}: ${mistake}`])
  return readInput(schema, written, where)
}

/**
 * Reads the probe's config that a deploy put out for an environment, as JSON in its outputs.
 *
 * @throws ConfigError with one line for each mistake
 */
export async function readDeployedConfig(
  file: string,
  environment: string
): Promise<Readonly<Record<string, unknown>>> {
  const outputs = await readOutputs(file, ProbeOutputs)
  const where = placeOf(file, undefined)
  const written = outputs[environment]?.probe_config
  if (written === undefined) {
    const known = environmentsIn(outputs)
    const remedy =
      known.length === 0
        ? 'Deploy with --outputs-file, which writes it.'
        : `Choose ${listed(known)} with --environment.`
    throw new ConfigError([`${where}: has no probe_config of environment ${JSON.stringify(environment)}. ${remedy}`])
  }
  const place = `${where}: ${environment}.probe_config`
  return readInput(z.looseObject({}), await parseProbeConfig(written, place), place)
}

/**
 * Parses the text of an output `probe_config`.
 *
 * @throws ConfigError with what is wrong
 */
export async function parseProbeConfig(written: string, where: string): Promise<unknown> {
  if (/^\s*(?:[(<]sensitive\b.*|\*{3,})\s*$/.test(written)) {
    throw new ConfigError([
      `${where}: is masked by Terraform. Deploy with --outputs-file and --outputs-file-include-sensitive-outputs.`
    ])
  }
  return parse(written, where, true)
}

/** The environments of which a file has the probe's config, if it is what a deploy put out. */
export function environmentsIn(written: unknown): readonly string[] {
  const { data = {} } = ProbeOutputs.safeParse(written)
  return Object.keys(data).filter(name => data[name]?.probe_config !== undefined)
}

function config(written: unknown): string | undefined {
  return z.looseObject({ targets: z.array(z.unknown()) }).safeParse(written).success
    ? 'is a config of the probe, not the outputs of a deploy. Give it as --config.'
    : undefined
}

function text(written: unknown): string | undefined {
  return typeof written === 'string'
    ? 'is plain text, not the outputs of a deploy. Deploy with --outputs-file, which writes JSON.'
    : undefined
}
