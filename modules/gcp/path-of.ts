import { expression } from '../expression.ts'
import { isToken } from '../token.ts'

/**
 * The path of a network or a subnet that is given by a token, or whose project or region is: a name, an id, or a self link. What has
 * a slash is taken as it is.
 *
 * @param collection where things of its kind are: `projects`, the project, `global`, `networks`
 */
export function pathOfToken(given: string, collection: readonly string[]): string {
  return expression`length(split("/", ${given})) > 1 ? ${given} : join("/", ${[...collection, given]})`
}

/** The name at the end of what is given by a token; a literal is a name. */
export function nameIn(given: string): string {
  return isToken(given) ? expression`basename(${given})` : given
}
