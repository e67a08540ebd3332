import { TerraformStack } from 'cdktf'
import type { Construct } from 'constructs'

/** What names of resources and targets are made of. */
export interface LinkNames {
  readonly environment: string
  /** Unique in the stack. */
  readonly link: string
  /** The id of the stack, unless it is that of an environment. */
  readonly stack: string | undefined
}

/** The key of the context by which a stack says that it is one of an environment. */
export const environmentContext = 'zilliz-privatelink:environment'

/**
 * The names of a link, from its place in the tree of constructs.
 *
 * @param environment @default - the id of the stack
 */
export function namesOf(link: Construct, environment: string | undefined): LinkNames {
  const stack = TerraformStack.of(link)
  return {
    environment: environment ?? slug(stack.node.id, 20),
    link: slug(link.node.path.slice(stack.node.path.length + 1), 40),
    stack: link.node.tryGetContext(environmentContext) === undefined ? stack.node.id : undefined
  }
}

/** A text as names have it: lower-case letters, digits and hyphens, with a letter first. */
function slug(text: string, longest: number): string {
  const letters = text.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')
  const short = letters
    .replace(/^[^a-z]+/, '')
    .slice(0, longest)
    .replace(/-+$/, '')
  return short === '' ? 'link' : short
}
