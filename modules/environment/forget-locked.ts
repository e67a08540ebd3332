import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { isAllowed } from '../provider-version.ts'

const Synthesized = z.looseObject({
  terraform: z.looseObject({
    required_providers: z.record(z.string(), z.looseObject({ source: z.string(), version: z.string() })).default({})
  })
})

/** The entry of a provider in a lock file. */
const entry = /^provider "[^/"]+\/([^"]+)" \{\n\s*version\s*=\s*"([^"]+)"[\s\S]*?^\}\n+/gm

/**
 * Takes providers out of the lock files of synthesized stacks where the locked version is no longer allowed. Terraform would refuse
 * the stack, but now chooses a version that is allowed. All other providers keep theirs.
 *
 * @param directory what cdktf synthesized
 */
export function forgetLocked(directory: string): void {
  const stacks = join(directory, 'stacks')
  if (!existsSync(stacks)) return
  for (const stack of readdirSync(stacks)) {
    const lockFile = join(stacks, stack, '.terraform.lock.hcl')
    if (!existsSync(lockFile)) continue
    const { terraform } = Synthesized.parse(JSON.parse(readFileSync(join(stacks, stack, 'cdk.tf.json'), 'utf8')))
    const required = new Map(
      Object.values(terraform.required_providers).map(({ source, version }) => [
        source.includes('/') ? source : `hashicorp/${source}`,
        version
      ])
    )
    const locked = readFileSync(lockFile, 'utf8')
    const kept = locked.replaceAll(entry, (text, source: string, version: string) =>
      isAllowed(version, required.get(source) ?? '>= 0') ? text : ''
    )
    if (kept !== locked) writeFileSync(lockFile, kept)
  }
}
