import { ref, type TerraformDataSource, TerraformResource, TerraformStack, Token } from 'cdktf'
import type { Construct } from 'constructs'

/**
 * The Terraform address of a resource or data source as plain text, `zillizcloud_private_endpoint.search_endpoint_1A2B3C4D`:
 * for expressions that cdktf has no functions for.
 */
export function address(element: TerraformResource | TerraformDataSource): string {
  const kind = element instanceof TerraformResource ? '' : 'data.'
  return `${kind}${element.terraformResourceType}.${element.friendlyUniqueId}`
}

/** A Terraform expression of a string, written without `${}`. */
export function stringOf(expression: string): string {
  return Token.asString(ref(expression))
}

/** A Terraform expression of a list of strings, written without `${}`. */
export function listOf(expression: string): string[] {
  return Token.asList(ref(expression))
}

/**
 * Adds a Terraform `check`: an assertion about the world that is judged at every plan and apply, and only warns.
 *
 * @param name unique in the stack
 * @param condition a Terraform expression, written without `${}`
 * @param message what is wrong and what to do; may hold `${…}`
 */
export function addCheck(scope: Construct, name: string, condition: string, message: string): void {
  // cdktf has no construct for it: https://developer.hashicorp.com/terraform/language/block/check
  TerraformStack.of(scope).addOverride(`check.${name}`, {
    assert: [{ condition: `\${${condition}}`, error_message: message }]
  })
}
