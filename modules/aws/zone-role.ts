import { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js'
import { type ITerraformDependable, type TerraformProvider, TerraformResource } from 'cdktf'
import { Construct } from 'constructs'
import { address, stringOf } from '../expression.ts'

/** Acts for the account of a zone that another account owns. */
export interface ZoneOwner {
  readonly provider: TerraformProvider
  /**
   * What must outlive what it has made.
   *
   * @default - nothing
   */
  readonly dependsOn?: readonly ITerraformDependable[]
}

export interface ZoneRoleProps {
  /** The provider's own region; zones have none. */
  readonly region: string
  /**
   * The role that writes to zones of another account.
   *
   * @default - the one of the deploy before, which may have to take away what it has made
   */
  readonly roleArn?: string | undefined
}

/**
 * Acts for the account of a zone that another account owns, and remembers its role.
 *
 * Terraform destroys what a provider's configuration has made only with that configuration. When a link no longer names the
 * role, or has gone, the literal does not say who can take its records away; the state does. So the configuration is always
 * there, under one name, and Terraform does not use it while nothing needs it.
 */
export class ZoneRole extends Construct implements ZoneOwner {
  readonly provider: TerraformProvider
  /** What remembers the role. */
  readonly dependsOn: readonly ITerraformDependable[]

  constructor(scope: Construct, id: string, { region, roleArn }: ZoneRoleProps) {
    super(scope, id)

    // cdktf's own class for it runs `terraform version` at every synth.
    const remembered = new TerraformResource(this, 'Resource', { terraformResourceType: 'terraform_data' })
    if (roleArn === undefined) remembered.addOverride('lifecycle', { ignore_changes: ['input'] })
    else remembered.addOverride('input', roleArn)
    this.dependsOn = [remembered]
    this.provider = new AwsProvider(this, 'provider', {
      alias: 'zone',
      region,
      assumeRole: [{ roleArn: roleArn ?? stringOf(`${address(remembered)}.output`) }]
    })
  }
}
