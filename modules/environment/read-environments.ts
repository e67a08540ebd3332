import { shown } from '../../probe/schema/mistakes.ts'
import { read } from '../../probe/schema/read.ts'
import { MistakesError } from '../mistakes.ts'
import { conflicts } from './conflicts.ts'
import { type Environment, EnvironmentOptions, readEnvironment } from './environment.ts'

/**
 * Reads all environments of the program.
 *
 * @throws MistakesError with one line for each mistake in any of them: none deploys while one is wrong
 */
export function readEnvironments(literals: readonly unknown[]): readonly Environment[] {
  const results = literals.map((literal, index) =>
    read(EnvironmentOptions, literal, nameOf(literal) ?? `environments[${index}]`)
  )
  const environments = results.flatMap(result => ('value' in result ? [readEnvironment(result.value)] : []))
  const repeated = repeatedNames(literals)
  const mistakes = [
    ...results.flatMap(result => ('mistakes' in result ? result.mistakes : [])),
    // Environments of one name would only be in each other's way.
    ...(repeated.length > 0 ? repeated : conflicts(environments))
  ]
  if (mistakes.length > 0) throw new MistakesError(mistakes)
  return environments
}

function repeatedNames(literals: readonly unknown[]): readonly string[] {
  const names = literals.map(nameOf)
  return names.flatMap((name, index) =>
    name !== undefined && names.indexOf(name) < index
      ? [`${name}: name: is that of another environment too, got ${shown(name)}. Give each its own.`]
      : []
  )
}

function nameOf(literal: unknown): string | undefined {
  return typeof literal === 'object' && literal !== null && 'name' in literal && typeof literal.name === 'string'
    ? literal.name
    : undefined
}
