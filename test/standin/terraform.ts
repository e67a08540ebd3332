import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { devNull, tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { z } from 'zod'
import { type Clouds, reattachEnvironment } from './reattach.ts'

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
  const result = await execa('terraform', ['version', '-json'], {
    env: { CHECKPOINT_DISABLE: '1', TF_CLI_CONFIG_FILE: devNull },
    reject: false,
    timeout: commandDeadlineMs
  })
  if (result.exitCode !== 0) return undefined
  return z.object({ terraform_version: z.string() }).parse(JSON.parse(result.stdout)).terraform_version
}

/** Opens a working directory for a configuration over stand-in clouds. */
export async function openTerraform({ configuration, clouds, directory }: TerraformOptions): Promise<Terraform> {
  const cwd = directory ?? (await mkdtemp(join(tmpdir(), 'standin-')))
  const replaceConfiguration = (text: string) => writeFile(join(cwd, 'cdk.tf.json'), text)
  await mkdir(cwd, { recursive: true })
  await replaceConfiguration(configuration)
  await writeFile(join(cwd, 'backend_override.tf.json'), JSON.stringify({ terraform: { backend: { local: {} } } }))
  await writeFile(join(cwd, cliConfiguration), 'provider_installation {\n  filesystem_mirror { path = "." }\n}\n')
  const environment = await reattachEnvironment(clouds)
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
      return validation.parse(JSON.parse(stdout)).diagnostics.map(asFinding)
    },

    plan: async () => {
      const messages = messagesOf(await run('plan', '-json', '-input=false', '-out=plan'))
      const findings = findingsOf(messages)
      if (findings.errors.length > 0) return { changes: [], reads: [], outputs: {}, ...findings }
      const { stdout } = await run('show', '-json', 'plan')
      return { ...changesOf(JSON.parse(stdout)), ...findings }
    },

    apply: async () => {
      const applied = appliedOf(messagesOf(await run('apply', '-json', '-input=false', '-auto-approve')))
      if (!Object.values(applied.outputs).includes(undefined)) return applied
      // The log of an apply keeps the values of sensitive outputs to itself.
      const { stdout } = await run('output', '-json')
      const outputs = Object.entries(shownOutputs.parse(JSON.parse(stdout)))
      return { ...applied, outputs: Object.fromEntries(outputs.map(([name, { value }]) => [name, value])) }
    },

    destroy: async () => appliedOf(messagesOf(await run('destroy', '-json', '-input=false', '-auto-approve'))),

    state: async () => {
      const { stdout } = await run('show', '-json')
      const { values } = shownState.parse(JSON.parse(stdout))
      return values.root_module.resources
        .filter(({ mode }) => mode === 'managed')
        .map(({ address, values }) => ({ address, values }))
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
  const result = await execa('terraform', command, {
    cwd,
    // Terraform gets nothing of the caller's environment but the PATH: no credentials, no TF_VAR_, no configuration file.
    env: { ...variables, PATH: process.env.PATH ?? '', HOME: cwd, TF_CLI_CONFIG_FILE: join(cwd, cliConfiguration) },
    extendEnv: false,
    all: true,
    reject: false,
    timeout: commandDeadlineMs
  })
  if (result.code === 'ENOENT') throw new Error('found no terraform on the PATH; install Terraform 1.11 to run this')
  if (result.timedOut) throw new Error(`terraform ${command[0]} took more than ${commandDeadlineMs} ms`)
  return { exitCode: result.exitCode, stdout: result.stdout, output: result.all }
}

const diagnostic = z.object({
  severity: z.string(),
  summary: z.string(),
  detail: z.string().default(''),
  address: z.string().optional()
})
const validation = z.object({ diagnostics: z.array(diagnostic) })
const resourceHook = z.object({ resource: z.object({ addr: z.string() }), action: z.string() })
const message = z.object({
  type: z.string(),
  diagnostic: diagnostic.optional(),
  hook: z.unknown().optional(),
  outputs: z.record(z.string(), z.object({ action: z.string().optional(), value: z.unknown().optional() })).optional()
})
const shownOutputs = z.record(z.string(), z.object({ value: z.unknown() }))
const shownState = z.object({
  values: z
    .object({
      root_module: z
        .object({
          resources: z
            .array(z.object({ address: z.string(), mode: z.string(), values: z.record(z.string(), z.unknown()) }))
            .default([])
        })
        .prefault({})
    })
    .prefault({ root_module: {} })
})
const change = z.object({ actions: z.array(z.string()) })
const shownPlan = z.object({
  resource_changes: z.array(z.object({ address: z.string(), mode: z.string(), change })).default([]),
  output_changes: z.record(z.string(), change).default({})
})

type Message = z.infer<typeof message>

function messagesOf({ stdout, output }: Run): Message[] {
  const lines = stdout.split('\n').filter(line => line.startsWith('{'))
  if (lines.length === 0) throw new Error(`terraform said nothing in JSON: ${output}`)
  return lines.map(line => message.parse(JSON.parse(line)))
}

function findingsOf(messages: readonly Message[]): { warnings: Finding[]; errors: Finding[] } {
  const diagnostics = messages.flatMap(({ diagnostic }) => diagnostic ?? [])
  const of = (severity: string) => diagnostics.filter(each => each.severity === severity).map(asFinding)
  return { warnings: of('warning'), errors: of('error') }
}

function asFinding({ summary, detail, address }: z.infer<typeof diagnostic>): Finding {
  return address === undefined ? { summary, detail } : { summary, detail, address }
}

function changesOf(plan: unknown): Pick<Plan, 'changes' | 'reads' | 'outputs'> {
  const { resource_changes, output_changes } = shownPlan.parse(plan)
  const changing = resource_changes.filter(({ change }) => change.actions[0] !== 'no-op')
  const ofMode = (mode: string) => changing.filter(each => each.mode === mode)
  const outputs = Object.entries(output_changes).filter(([, { actions }]) => actions[0] !== 'no-op')
  return {
    changes: ofMode('managed').map(({ address, change }) => ({ address, actions: change.actions })),
    reads: ofMode('data').map(({ address }) => address),
    outputs: Object.fromEntries(outputs.map(([name, { actions }]) => [name, actions]))
  }
}

function appliedOf(messages: readonly Message[]): Applied {
  const findings = findingsOf(messages)
  const done = messages
    .filter(({ type }) => type === 'apply_complete')
    .map(({ hook }) => resourceHook.parse(hook))
    .map(({ resource, action }) => ({ address: resource.addr, action }))
    .filter(({ action }) => action !== 'read')
  // What was planned of the outputs comes first and says what becomes of them; their values come last and do not.
  const outputs = messages.findLast(({ type }) => type === 'outputs')?.outputs ?? {}
  const values = Object.entries(outputs).filter(([, { action }]) => action === undefined)
  return { done, outputs: Object.fromEntries(values.map(([name, { value }]) => [name, value])), ...findings }
}
