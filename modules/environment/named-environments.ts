import { listed, nearestName, shown } from '../../probe/schema/mistakes.ts'
import type { Environment } from './environment.ts'
import { environmentsOfProgram } from './environments-of-program.ts'
import { refuseHcl } from './hcl.ts'
import { readEnvironments } from './read-environments.ts'

/** The options of a command that concern the program of a project. */
export interface ProgramOptions {
  /** Replaces the program that `cdktf.json` names. */
  readonly app?: string
  readonly hcl?: string | true
}

interface NamedEnvironments {
  readonly environments: readonly Environment[]
  /** A line for each name that no environment has. */
  readonly mistakes: readonly string[]
}

/**
 * Reads the program of the project in this folder, and the environments of it that a command names.
 *
 * @throws MistakesError with one line for each mistake in the program
 */
export async function readNamedEnvironments(
  names: readonly string[],
  { app, hcl }: ProgramOptions
): Promise<NamedEnvironments> {
  refuseHcl(process.env, hcl === undefined ? [] : ['--hcl'])
  return namedEnvironments(readEnvironments(await environmentsOfProgram({ app })), names)
}

/**
 * The environments that a command names. `*` in a name is any text, as in cdktf. A program with one environment needs no name.
 *
 * @param all those of the program
 */
export function namedEnvironments(all: readonly Environment[], names: readonly string[]): NamedEnvironments {
  const known = all.map(({ name }) => name)
  if (all.length === 0) {
    return { environments: [], mistakes: ['the program has no environment. Pass one to synthesizeEnvironments.'] }
  }
  if (names.length === 0 && all.length > 1) {
    return { environments: [], mistakes: [`which environment is missing. Choose ${listed(known)}.`] }
  }
  const chosen = names.map(name => ({ name, environments: all.filter(each => isNamed(each, name)) }))
  return {
    environments:
      names.length === 0 ? all : all.filter(each => chosen.some(({ environments }) => environments.includes(each))),
    mistakes: chosen.flatMap(({ name, environments }) =>
      environments.length > 0 ? [] : [unknownEnvironment(name, known)]
    )
  }
}

function isNamed({ name }: Environment, pattern: string): boolean {
  return /^[\w*-]+$/.test(pattern) && new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(name)
}

/** The line of a name that no environment has. */
export function unknownEnvironment(name: string, known: readonly string[]): string {
  const nearest = nearestName(name, known)
  const hint = nearest === undefined ? `Choose ${listed(known)}.` : `Did you mean ${nearest}?`
  return `there is no environment ${shown(name)}. ${hint}`
}
