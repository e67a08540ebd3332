import { onTestFinished } from 'vitest'
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
  const terraform = await openTerraform({ configuration: synthesize(literal), clouds })
  onTestFinished(() => terraform.close())
  await terraform.init()
  return {
    terraform,
    deploy: async literal => {
      await terraform.replaceConfiguration(synthesize(literal))
      return terraform.apply()
    },
    plan: async literal => {
      await terraform.replaceConfiguration(synthesize(literal))
      return terraform.plan()
    }
  }
}

/** What a plan changes, by kind: `create aws_route53_record`, in alphabetical order. */
export function changesByKind({ changes }: Plan): readonly string[] {
  return changes.map(({ address, actions }) => `${actions.join(' and ')} ${address.split('.')[0]}`).sort()
}
