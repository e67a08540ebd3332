import { type App, TerraformStack, Testing } from 'cdktf'
import { onTestFinished } from 'vitest'
import type { Clouds } from './reattach.ts'
import { type Applied, openTerraform, type Plan, type Terraform } from './terraform.ts'

/** Declares the resources of a stack. */
export type Build = (stack: TerraformStack) => void

/** A stack of a few resources for one test of a stand-in; it ends with the test that opened it. */
export interface SmallStack extends Terraform {
  /** Declares other resources from now on. */
  rebuild(build: Build): Promise<void>
}

/** Opens a stack over stand-in clouds, ready to be applied. */
export async function openStack(clouds: Clouds, build: Build): Promise<SmallStack> {
  return openApp(clouds, app => {
    const stack = new TerraformStack(app, 'small')
    build(stack)
    return stack
  })
}

/** Opens a stack of a class of its own over stand-in clouds, ready to be applied. */
export async function openApp(clouds: Clouds, make: (app: App) => TerraformStack): Promise<SmallStack> {
  const terraform = await openTerraform({ configuration: Testing.synth(make(Testing.app())), clouds })
  onTestFinished(() => terraform.close())
  await terraform.init()
  return { ...terraform, rebuild: other => terraform.replaceConfiguration(synthesize(other)) }
}

/** What Terraform and the clouds would not do, by the address of the resource. */
export function refusals({ errors }: Applied | Plan): Readonly<Record<string, string>> {
  return Object.fromEntries(
    errors.map(({ address = '', summary, detail }) => [
      address,
      `${summary}${detail === '' ? '' : `: ${detail}`}`.replace(/RequestID: [-0-9a-f]+/, 'RequestID: …')
    ])
  )
}

function synthesize(build: Build): string {
  const stack = new TerraformStack(Testing.app(), 'small')
  build(stack)
  return Testing.synth(stack)
}
