import { afterAll, onTestFinished } from 'vitest'
import type { Clouds } from '../standin/reattach.ts'
import { type Applied, openTerraform, type Plan, type Terraform } from '../standin/terraform.ts'
import { synthesize } from './synthesize.ts'

/** An environment that real Terraform deploys into stand-in clouds; it ends with the test that opened it. */
export interface Deployment {
  readonly terraform: Terraform
  /** Deploys the environment as another literal describes it. */
  deploy(literal: { readonly name: string }): Promise<Applied>
  /** Plans the environment as another literal describes it. */
  plan(literal: { readonly name: string }): Promise<Plan>
}

/** Opens a deployment into `clouds`; nothing is deployed yet. */
export async function openDeployment(literal: { readonly name: string }, clouds: Clouds): Promise<Deployment> {
  const terraform = await openTerraform({ configuration: await synthesize(literal), clouds })
  onTestFinished(() => terraform.close())
  await terraform.init()
  return {
    terraform,
    deploy: async literal => {
      await terraform.replaceConfiguration(await synthesize(literal))
      return terraform.apply()
    },
    plan: async literal => {
      await terraform.replaceConfiguration(await synthesize(literal))
      return terraform.plan()
    }
  }
}

/**
 * A deployment that the tests of a file share, because they only look at it. The first that asks for it makes it, and it ends with the
 * file.
 */
export function sharedDeployment<Made extends Clouds>(
  literal: { readonly name: string },
  clouds: Made
): () => Promise<Made & { readonly terraform: Terraform; readonly applied: Applied }> {
  const deploy = async () => {
    const terraform = await openTerraform({ configuration: await synthesize(literal), clouds })
    await terraform.init()
    return { ...clouds, terraform, applied: await terraform.apply() }
  }
  let deployed: ReturnType<typeof deploy> | undefined
  afterAll(async () => (await deployed)?.terraform.close())
  return () => {
    deployed ??= deploy()
    return deployed
  }
}

/** What a plan changes, by kind: `create aws_route53_record`, in alphabetical order. */
export function changesByKind({ changes }: Plan): readonly string[] {
  return changes.map(({ address, actions }) => `${actions.join(' and ')} ${address.split('.')[0]}`).sort()
}
