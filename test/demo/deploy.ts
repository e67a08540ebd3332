import { readFile } from 'node:fs/promises'
import { devNull } from 'node:os'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { z } from 'zod'
import { runCdktn } from '../../modules/deploy/cdktn.ts'
import type { Interruption } from '../../modules/deploy/interruption.ts'
import type { Step } from './sample.ts'

const deadlineMs = 300_000

/** The outputs of the sample environment's stack. */
const Outputs = z.object({
  register: z.record(z.string(), z.record(z.string(), z.union([z.string(), z.array(z.string())]))),
  links: z.record(
    z.string(),
    z.object({
      connection_status: z.string(),
      addresses: z.array(z.string()),
      records: z.array(z.object({ name: z.string(), type: z.string(), value: z.string(), zone: z.string() }))
    })
  ),
  probe_config: z.string()
})
export type Outputs = z.output<typeof Outputs>

/** What `--outputs-file` holds. */
export const DeployOutputs = z.object({ dev: Outputs })

/** What a deploy left behind. */
export interface Deployed {
  readonly outputs: Outputs
  /** What synth and Terraform's checks warned of. */
  readonly warnings: readonly string[]
  /** Terraform's own closing words: `6 added, 0 changed, 0 destroyed`. */
  readonly summary: string
}

/**
 * Runs `cdktf deploy` as a user would, on the sample environment.
 *
 * @param variables what makes Terraform find the stand-in clouds
 * @param workDirectory where state and outputs go
 * @param progress told each resource as it comes into being
 * @param interruption ends it in the middle
 * @throws the reason of the interruption
 */
export async function deploySample(
  step: Step,
  variables: Readonly<Record<string, string>>,
  workDirectory: string,
  progress: (line: string) => void,
  interruption: Interruption
): Promise<Deployed> {
  const outputsFile = join(workDirectory, 'outputs.json')
  const printed: string[] = []
  const onLine = (line: string) => {
    const text = stripVTControlCharacters(line)
    printed.push(text)
    const created = /([a-z0-9_]+)\.\S+: Creation complete/.exec(text)?.[1]
    if (created !== undefined) progress(`created ${created}`)
    else if (text.includes('Initializing the backend')) progress('terraform init')
    else if (text.includes('Terraform will perform')) progress('terraform apply')
  }
  progress('synthesizing')
  const deadline = AbortSignal.timeout(deadlineMs)
  const { exitCode } = await runCdktn(
    [
      'deploy',
      'dev',
      '--auto-approve',
      // Locking asks the provider registry, and the stand-ins are in none.
      '--skip-provider-lock',
      ...['--app', 'node --disable-warning=DEP0044 test/demo/app.ts'],
      ...['--output', join(workDirectory, 'cdktf.out')],
      ...['--outputs-file', outputsFile]
    ],
    {
      interruption: { ...interruption, signal: AbortSignal.any([interruption.signal, deadline]) },
      // No configuration file of the machine's own Terraform, which may name other providers.
      env: {
        ...variables,
        DEMO_STEP: step,
        DEMO_STATE: join(workDirectory, 'dev.tfstate'),
        TF_CLI_CONFIG_FILE: devNull
      },
      onLine
    }
  )
  interruption.signal.throwIfAborted()
  const all = printed.join('\n')
  if (exitCode !== 0) throw new Error(`cdktf deploy failed:\n${all}`)
  const { dev } = DeployOutputs.parse(JSON.parse(await readFile(outputsFile, 'utf8')))
  return {
    outputs: dev,
    warnings: warningsIn(all),
    summary: /Apply complete! Resources: (.*)\./.exec(all)?.[1] ?? ''
  }
}

function warningsIn(printed: string): readonly string[] {
  const ofSynth = [...printed.matchAll(/^WARN \[(.+?)\]: (.+)$/gm)].map(([, path, text]) => `${path}: ${text}`)
  const ofChecks = [...printed.matchAll(/Check block assertion failed([\s\S]*?)╵/g)].map(([, box = '']) => {
    const lines = box.split('\n').map(line => line.replace(/^(?:dev {2})?│ ?/, '').trim())
    return lines
      .slice(lines.findIndex(line => line.startsWith('dev/')))
      .join(' ')
      .trim()
  })
  return [...ofSynth, ...ofChecks]
}
