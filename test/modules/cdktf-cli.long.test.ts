import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { expect, onTestFinished, test } from 'vitest'

const deadlineMs = 110_000
const original = process.env.CDKTF_CLI

async function synth(command: string): Promise<Record<string, unknown>> {
  const output = mkdtempSync(join(tmpdir(), 'synth-'))
  onTestFinished(() => rmSync(output, { recursive: true }))
  await execa(command, ['synth', '--output', output], {
    preferLocal: true,
    timeout: deadlineMs,
    env: { CHECKPOINT_DISABLE: '1' }
  })
  const stacks = readdirSync(join(output, 'stacks'))
  return Object.fromEntries(
    stacks.map(stack => [stack, JSON.parse(readFileSync(join(output, 'stacks', stack, 'cdk.tf.json'), 'utf8'))])
  )
}

test('cdktn synthesizes every environment from the same cdktf.json', async () => {
  expect(Object.keys(await synth('cdktn')).sort()).toEqual(['dev', 'prod', 'staging', 'trial'])
})

test.skipIf(original === undefined)('the original cdktf command synthesizes what cdktn does', async () => {
  expect(await synth(original ?? '')).toEqual(await synth('cdktn'))
})
