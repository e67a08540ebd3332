import { z } from 'zod'
import type { Applied, Finding, Plan, StateResource } from './terraform.ts'

const diagnostic = z.object({
  severity: z.string(),
  summary: z.string(),
  detail: z.string().default(''),
  address: z.string().optional(),
  snippet: z.object({ code: z.string() }).nullish()
})

const logLine = z.object({
  type: z.string(),
  diagnostic: diagnostic.optional(),
  hook: z.unknown().optional(),
  outputs: z.record(z.string(), z.object({ action: z.string().optional(), value: z.unknown().optional() })).optional()
})

/** One line of what Terraform says while it works. */
export type LogLine = z.infer<typeof logLine>

/** Reads what `terraform version -json` says. */
export function readVersion(json: string): string {
  return z.object({ terraform_version: z.string() }).parse(JSON.parse(json)).terraform_version
}

/** Reads what `terraform validate -json` says. */
export function readValidation(json: string): Finding[] {
  return z
    .object({ diagnostics: z.array(diagnostic) })
    .parse(JSON.parse(json))
    .diagnostics.map(asFinding)
}

/** Reads what `terraform plan -json` or `terraform apply -json` says, line by line. */
export function readLog(lines: string): LogLine[] {
  return lines
    .split('\n')
    .filter(line => line.startsWith('{'))
    .map(line => logLine.parse(JSON.parse(line)))
}

/** The warnings and errors of a log. */
export function findingsOf(log: readonly LogLine[]): Pick<Plan, 'warnings' | 'errors' | 'quoted'> {
  const diagnostics = log.flatMap(line => line.diagnostic ?? [])
  const ofSeverity = (severity: string) => diagnostics.filter(each => each.severity === severity).map(asFinding)
  const quoted = diagnostics.flatMap(({ severity, snippet }) => (severity === 'error' ? (snippet?.code ?? []) : []))
  const findings = { warnings: ofSeverity('warning'), errors: ofSeverity('error') }
  return quoted.length === 0 ? findings : { ...findings, quoted }
}

/** What an apply did, from its log; the value of a sensitive output is undefined, as the log keeps it to itself. */
export function appliedOf(log: readonly LogLine[]): Applied {
  const done = log.filter(({ type }) => type === 'apply_complete').map(({ hook }) => completed.parse(hook))
  // What becomes of the outputs comes before their values, with an action instead.
  const outputs = log.findLast(({ type }) => type === 'outputs')?.outputs ?? {}
  const values = Object.entries(outputs).filter(([, { action }]) => action === undefined)
  return {
    done: done
      .filter(({ action }) => action !== 'read')
      .map(({ resource, action }) => ({ address: resource.addr, action })),
    outputs: Object.fromEntries(values.map(([name, { value }]) => [name, value])),
    ...findingsOf(log)
  }
}

const completed = z.object({ resource: z.object({ addr: z.string() }), action: z.string() })

/** Reads what `terraform show -json` says of a plan. */
export function readPlan(json: string): Pick<Plan, 'changes' | 'reads' | 'outputs'> {
  const { resource_changes, output_changes } = shownPlan.parse(JSON.parse(json))
  const changing = resource_changes.filter(each => isChange(each.change))
  const ofMode = (mode: string) => changing.filter(each => each.mode === mode)
  const outputs = Object.entries(output_changes).filter(([, each]) => isChange(each))
  return {
    changes: ofMode('managed').map(each => ({ address: each.address, actions: each.change.actions })),
    reads: ofMode('data').map(({ address }) => address),
    outputs: Object.fromEntries(outputs.map(([name, { actions }]) => [name, actions]))
  }
}

const change = z.object({ actions: z.array(z.string()) })

const shownPlan = z.object({
  resource_changes: z.array(z.object({ address: z.string(), mode: z.string(), change })).default([]),
  output_changes: z.record(z.string(), change).default({})
})

function isChange({ actions }: z.infer<typeof change>): boolean {
  return actions[0] !== 'no-op'
}

/** Reads what `terraform output -json` says. */
export function readOutputs(json: string): Record<string, unknown> {
  const outputs = z.record(z.string(), z.object({ value: z.unknown() })).parse(JSON.parse(json))
  return Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value]))
}

/** Reads what `terraform show -json` says of a state. */
export function readState(json: string): StateResource[] {
  const { resources } = shownState.parse(JSON.parse(json)).values.root_module
  return resources.filter(({ mode }) => mode === 'managed').map(({ address, values }) => ({ address, values }))
}

const shownResource = z.object({ address: z.string(), mode: z.string(), values: z.record(z.string(), z.unknown()) })

// An empty state is shown without values, and a module without resources without a list of them.
const shownState = z.object({
  values: z
    .object({ root_module: z.object({ resources: z.array(shownResource).default([]) }) })
    .default({ root_module: { resources: [] } })
})

function asFinding({ summary, detail, address }: z.infer<typeof diagnostic>): Finding {
  return address === undefined ? { summary, detail } : { summary, detail, address }
}
