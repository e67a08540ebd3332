import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { MistakesError } from '../mistakes.ts'

/**
 * Refuses to synthesize HCL. cdktf writes JSON expressions into it that Terraform does not read back.
 *
 * @param variables the environment. The command line sets `SYNTH_HCL_OUTPUT` for `synth --hcl` and for `CDKTF_HCL`.
 * @param words the options of a command, if it is one that takes none of this kind
 * @throws MistakesError
 */
export function refuseHcl(
  variables: Readonly<Record<string, string | undefined>>,
  words: readonly string[] = []
): void {
  const isSet = (name: string) => ['true', '1'].includes(variables[name] ?? '')
  const given = [
    ...words.filter(word => /^--hcl(?:=true)?$/.test(word)),
    ...['SYNTH_HCL_OUTPUT', 'CDKTF_HCL'].filter(isSet).map(name => `${name}=${variables[name]}`)
  ]
  if (given.length === 0) return
  throw new MistakesError([
    `synth: the output must be Terraform JSON, got HCL (${given.join(', ')}). Leave out --hcl, and unset CDKTF_HCL and SYNTH_HCL_OUTPUT.`
  ])
}

/** Removes what `synth --hcl` left in a directory of synthesized stacks: Terraform reads it together with the JSON, and fails. */
export function removeHcl(directory: string): void {
  const stacks = join(directory, 'stacks')
  if (!existsSync(stacks)) return
  for (const stack of readdirSync(stacks)) rmSync(join(stacks, stack, 'cdk.tf'), { force: true })
}
