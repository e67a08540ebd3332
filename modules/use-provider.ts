import { Aspects, TerraformDataSource, TerraformElement, type TerraformProvider, TerraformResource } from 'cdktf'
import type { Construct, IConstruct } from 'constructs'
import { z } from 'zod'

/** A provider that a person made, such as one with an alias. */
export const Provider = z.custom<TerraformProvider>(
  given => TerraformElement.isTerraformElement(given) && 'terraformProviderSource' in given,
  { error: 'must be a provider that the stack has made. Give one, or leave the key out.' }
)

/**
 * Makes everything of one cloud below a construct use a provider, also what is added later. What names a provider of its own keeps
 * it.
 *
 * @param prefix what the types of that cloud begin with
 */
export function useProvider(scope: Construct, prefix: string, provider: TerraformProvider): void {
  Aspects.of(scope).add({
    visit(node: IConstruct) {
      if (!(node instanceof TerraformResource || node instanceof TerraformDataSource)) return
      if (node.terraformResourceType.startsWith(prefix)) node.provider ??= provider
    }
  })
}
