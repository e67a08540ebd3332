import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { devNull, tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import type { Provider } from './provider.ts'
import { type Clouds, reattachEnvironment } from './reattach.ts'
import {
  appliedOf,
  findingsOf,
  type LogLine,
  readLog,
  readOutputs,
  readPlan,
  readState,
  readValidation,
  readVersion
} from './terraform-json.ts'

/** Terraform, or the program that cdktn is told to take in its place, such as OpenTofu's. */
const program = process.env.TERRAFORM_BINARY_NAME ?? 'terraform'

/** A working directory in which real Terraform deploys to stand-in clouds. */
export interface Terraform {
  readonly directory: string
  init(): Promise<void>
  /** Answers what is wrong with the configuration. */
  validate(): Promise<readonly Finding[]>
  plan(): Promise<Plan>
  /** Applies the configuration; a refusal by a cloud is an error in the answer. */
  apply(): Promise<Applied>
  destroy(): Promise<Applied>
  /** Answers the resources that Terraform keeps, with their attributes. */
  state(): Promise<readonly StateResource[]>
  /** Deploys another configuration from now on; a new provider in it needs another `init`. */
  replaceConfiguration(configuration: string): Promise<void>
  close(): Promise<void>
}

/** What `openTerraform` needs. */
export interface TerraformOptions {
  /** The text of a `cdk.tf.json`. */
  readonly configuration: string
  readonly clouds: Clouds
  /** Where Terraform runs and keeps its state. @default - a new directory, removed by `close` */
  readonly directory?: string
  /** Makes a provider of a cloud another version. @default - the version of the bindings */
  readonly as?: (provider: Provider) => Provider
}

/** An error or a warning; the assertion of a failed `check` block is a warning with its error_message as the detail. */
export interface Finding {
  readonly summary: string
  readonly detail: string
  readonly address?: string
}

/** What Terraform would do. */
export interface Plan {
  /** The resources that change, in the order of their addresses. */
  readonly changes: readonly PlannedChange[]
  /** The data sources that can be read only while applying. */
  readonly reads: readonly string[]
  /** The outputs that change. */
  readonly outputs: Readonly<Record<string, readonly string[]>>
  readonly warnings: readonly Finding[]
  readonly errors: readonly Finding[]
  /** The lines of the configuration that Terraform prints with the errors, where it prints any. */
  readonly quoted?: readonly string[]
}

/** A change of one resource; a replacement has the actions `delete` and `create`, in their order. */
export interface PlannedChange {
  readonly address: string
  readonly actions: readonly string[]
}

/** What Terraform did. */
export interface Applied {
  /** What succeeded, in order. */
  readonly done: readonly { readonly address: string; readonly action: string }[]
  /** The values of the outputs; none where there are errors. */
  readonly outputs: Readonly<Record<string, unknown>>
  readonly warnings: readonly Finding[]
  readonly errors: readonly Finding[]
}

/** A resource that Terraform keeps. */
export interface StateResource {
  readonly address: string
  readonly values: Readonly<Record<string, unknown>>
}

const commandDeadlineMs = 60_000

// A provider that nobody plays is looked for in the working directory, where there is none, and not in the registry.
const cliConfiguration = 'terraform.rc'

/** Answers the version of the Terraform on the PATH, or nothing where there is none. */
export async function terraformVersion(): Promise<string | undefined> {
  const result = await execa(program, ['version', '-json'], {
    env: { CHECKPOINT_DISABLE: '1', TF_CLI_CONFIG_FILE: devNull },
    reject: false,
    timeout: commandDeadlineMs
  })
  if (result.exitCode !== 0) return undefined
  return readVersion(result.stdout)
}

/** Opens a working directory for a configuration over stand-in clouds. */
export async function openTerraform({ configuration, clouds, directory, as }: TerraformOptions): Promise<Terraform> {
  const cwd = directory ?? (await mkdtemp(join(tmpdir(), 'standin-')))
  const replaceConfiguration = (text: string) => writeFile(join(cwd, 'cdk.tf.json'), text)
  await mkdir(cwd, { recursive: true })
  await replaceConfiguration(configuration)
  await writeFile(join(cwd, 'backend_override.tf.json'), JSON.stringify({ terraform: { backend: { local: {} } } }))
  await writeFile(join(cwd, cliConfiguration), 'provider_installation {\n  filesystem_mirror { path = "." }\n}\n')
  const environment = await reattachEnvironment(clouds, undefined, as)
  const run = (...command: string[]) => runTerraform(cwd, environment.variables, command)

  return {
    directory: cwd,
    replaceConfiguration,

    init: async () => {
      const { exitCode, output } = await run('init', '-input=false', '-no-color')
      if (exitCode !== 0) throw new Error(`terraform init failed: ${output}`)
    },

    validate: async () => {
      const { stdout } = await run('validate', '-json')
      return readValidation(stdout)
    },

    plan: async () => {
      const findings = findingsOf(logOf(await run('plan', '-json', '-input=false', '-out=plan')))
      if (findings.errors.length > 0) return { changes: [], reads: [], outputs: {}, ...findings }
      const { stdout } = await run('show', '-json', 'plan')
      return { ...readPlan(stdout), ...findings }
    },

    apply: async () => {
      const applied = appliedOf(logOf(await run('apply', '-json', '-input=false', '-auto-approve')))
      if (!Object.values(applied.outputs).includes(undefined)) return applied
      const { stdout } = await run('output', '-json')
      return { ...applied, outputs: readOutputs(stdout) }
    },

    destroy: async () => appliedOf(logOf(await run('destroy', '-json', '-input=false', '-auto-approve'))),

    state: async () => {
      const { stdout } = await run('show', '-json')
      return readState(stdout)
    },

    close: async () => {
      await environment.close()
      if (directory === undefined) await rm(cwd, { recursive: true, force: true })
    }
  }
}

interface Run {
  readonly exitCode: number | undefined
  readonly stdout: string
  /** Both streams, to quote when Terraform itself fails. */
  readonly output: string
}

async function runTerraform(
  cwd: string,
  variables: Readonly<Record<string, string>>,
  command: readonly string[]
): Promise<Run> {
  const result = await execa(program, command, {
    cwd,
    // Terraform gets nothing of the caller's environment but the PATH: no credentials, no TF_VAR_, no configuration file.
    env: {
      ...variables,
      PATH: process.env.PATH ?? '',
      HOME: cwd,
      TF_CLI_CONFIG_FILE: join(cwd, cliConfiguration),
      // Several run at once. Each is cheaper by a quarter where its garbage collector does not run on every processor.
      GOMAXPROCS: '1'
    },
    extendEnv: false,
    all: true,
    reject: false,
    timeout: commandDeadlineMs
  })
  if (result.code === 'ENOENT') throw new Error('found no terraform on the PATH; install Terraform 1.11 to run this')
  if (result.timedOut) throw new Error(`terraform ${command[0]} took more than ${commandDeadlineMs} ms`)
  return { exitCode: result.exitCode, stdout: result.stdout, output: result.all }
}

function logOf({ stdout, output }: Run): LogLine[] {
  const log = readLog(stdout)
  if (log.length === 0) throw new Error(`terraform said nothing in JSON: ${output}`)
  return log
}
