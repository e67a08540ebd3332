import { TerraformProvider, TerraformStack } from 'cdktf'
import type { Construct } from 'constructs'

/** What Zilliz Cloud's resources and data sources say of their provider; private endpoints came with 0.6.35. */
export const generator = { providerName: 'zillizcloud', providerVersionConstraint: '~> 0.6.35' }

/**
 * The provider of Zilliz Cloud, for which there are no published bindings:
 * https://registry.terraform.io/providers/zilliztech/zillizcloud/latest/docs
 *
 * It takes no API key: the provider reads it from the environment variable ZILLIZCLOUD_API_KEY, so that no
 * configuration, plan or state has it.
 */
export class ZillizProvider extends TerraformProvider {
  constructor(scope: Construct, id: string) {
    super(scope, id, {
      terraformResourceType: 'zillizcloud',
      terraformGeneratorMetadata: generator,
      terraformProviderSource: 'zilliztech/zillizcloud'
    })
  }
}

/** Makes the provider of Zilliz Cloud, if the stack has none. */
export function requireZillizProvider(scope: Construct): void {
  const stack = TerraformStack.of(scope)
  const isThere = stack.node
    .findAll()
    .some(node => node instanceof TerraformProvider && node.terraformProviderSource === 'zilliztech/zillizcloud')
  if (!isThere) new ZillizProvider(stack, 'zilliz')
}
