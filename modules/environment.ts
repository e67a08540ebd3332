import { z } from 'zod'
import { AwsLink } from './aws/link.ts'
import { AwsTags } from './aws/tags.ts'
import { Backend } from './backend.ts'
import { GcpLabels } from './gcp/labels.ts'
import { GcpLink } from './gcp/link.ts'
import { MistakesError, read, shown } from './mistakes.ts'
import { shapedText } from './shaped-text.ts'

const EnvironmentName = shapedText({
  pattern: /^[a-z](?:[a-z0-9-]{0,18}[a-z0-9])?$/,
  is: 'a name of up to 20 lower-case letters, digits and hyphens such as prod',
  find: 'it names the stack that cdktf deploys'
})

const LinkName = shapedText({
  pattern: /^[a-z](?:[a-z0-9-]{0,38}[a-z0-9])?$/,
  is: 'a name of up to 40 lower-case letters, digits and hyphens such as search',
  find: "it keys the link's resources, so keep it once it is deployed"
})

/** What one `cdktf deploy` deploys: a Terraform stack with its private links, by name. */
export const Environment = z.strictObject({
  name: EnvironmentName.describe('Names the stack: `cdktf deploy <name>`.'),
  backend: Backend,
  tags: AwsTags.default({}).describe('Tags on every AWS resource, beside `environment` and `managed-by`.'),
  labels: GcpLabels.default({}).describe(
    'Labels on every Google Cloud resource that takes them, beside `environment` and `managed-by`.'
  ),
  links: z
    .record(LinkName, z.discriminatedUnion('cloud', [AwsLink, GcpLink]))
    .describe('The private links by name. A name keys the Terraform addresses: adding a link never moves another.')
})

/** An environment as it is written: the type of the literals in `environments/`. */
export type EnvironmentLiteral = z.input<typeof Environment>

/** An environment that has been read: well formed, hosts parsed, defaults in place. */
export type Environment = z.output<typeof Environment>

/**
 * Reads all environments of the program.
 *
 * @throws MistakesError with one line for each mistake in any of them: none deploys while one is wrong
 */
export function readEnvironments(literals: readonly unknown[]): readonly Environment[] {
  const results = literals.map((literal, index) =>
    read(Environment, literal, nameOf(literal) ?? `environments[${index}]`)
  )
  const mistakes = [
    ...results.flatMap(result => ('mistakes' in result ? result.mistakes : [])),
    ...repeatedNames(literals)
  ]
  if (mistakes.length > 0) throw new MistakesError(mistakes)
  return results.flatMap(result => ('value' in result ? [result.value] : []))
}

function repeatedNames(literals: readonly unknown[]): readonly string[] {
  const names = literals.map(nameOf)
  return names.flatMap((name, index) =>
    name !== undefined && names.indexOf(name) < index
      ? [`${name}: name: is that of another environment too, got ${shown(name)}; give each its own`]
      : []
  )
}

function nameOf(literal: unknown): string | undefined {
  return typeof literal === 'object' && literal !== null && 'name' in literal && typeof literal.name === 'string'
    ? literal.name
    : undefined
}
