import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AnnotationMetadataEntryType, TerraformStack, Testing } from 'cdktf'
import { expect, onTestFinished } from 'vitest'
import { z } from 'zod'
import type { Build, SmallStack } from '../../standin/small-stack.ts'

/** Applies a stack from nothing, plans it again without a change, and destroys it. */
export async function comesAndGoes(
  { apply, plan, destroy }: SmallStack,
  whileThere: (outputs: Readonly<Record<string, unknown>>) => void = () => {}
): Promise<void> {
  const applied = await apply()
  expect(applied.errors).toEqual([])
  expect(applied.done.length).toBeGreaterThan(3)
  const { changes, outputs, errors } = await plan()
  expect({ changes, outputs, errors }).toEqual({ changes: [], outputs: {}, errors: [] })
  whileThere(applied.outputs)
  expect((await destroy()).errors).toEqual([])
}

/** The state of another stack: a file with these outputs. */
export async function remoteState(outputs: Readonly<Record<string, string | readonly string[]>>): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'remote-state-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  const path = join(directory, 'network.tfstate')
  const typed = Object.entries(outputs).map(([name, value]) => [
    name,
    { value, type: typeof value === 'string' ? 'string' : ['tuple', value.map(() => 'string')] }
  ])
  const state = { version: 4, terraform_version: '1.10.0', serial: 1, lineage: 'network', resources: [] }
  await writeFile(path, JSON.stringify({ ...state, outputs: Object.fromEntries(typed) }))
  return path
}

const Block = z.record(z.string(), z.record(z.string(), z.record(z.string(), z.unknown())))
const Synthesized = z.object({ resource: Block.default({}), data: Block.default({}) })

/** What a stack is synthesized to. */
export function synthesized(build: Build): z.output<typeof Synthesized> & { readonly text: string } {
  const stack = new TerraformStack(Testing.app(), 'app')
  build(stack)
  const text = Testing.synth(stack)
  return { ...Synthesized.parse(JSON.parse(text)), text }
}

/** What is wrong with a stack, a line each; nothing if it synthesizes. */
export function mistakesOf(build: Build): readonly string[] {
  try {
    synthesized(build)
    return []
  } catch (error) {
    return error instanceof Error ? error.message.split('\n') : [String(error)]
  }
}

/** The warnings that `cdktf synth` prints for a stack. */
export function warningsOf(build: Build): readonly string[] {
  const stack = new TerraformStack(Testing.app(), 'app')
  build(stack)
  return stack.node
    .findAll()
    .flatMap(({ node }) => node.metadata)
    .filter(({ type }) => type === AnnotationMetadataEntryType.WARN)
    .map(({ data }) => String(data))
}
