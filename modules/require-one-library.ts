import { TerraformStack } from 'cdktf'
import type { Construct } from 'constructs'
import { MistakesError } from './mistakes.ts'

/**
 * Requires that a construct is in a stack of the library that this package loads. In a stack of another copy, or of cdktn in place of
 * cdktf, aspects are never visited, and so a provider that the user gives would silently not be used.
 *
 * @throws MistakesError with what to do
 */
export function requireOneLibrary(scope: Construct): void {
  const stack = scope.node.scopes.find(each => TerraformStack.isStack(each))
  if (stack === undefined || stack instanceof TerraformStack) return
  throw new MistakesError([
    `${scope.node.path}: must be in a stack of the library that zilliz-privatelink loads, got a stack of another copy of cdktf or cdktn. Run npm ls cdktf cdktn, and keep one copy. In an app of cdktn, import from zilliz-privatelink/cdktn.`
  ])
}
