import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { describe, expect, onTestFinished, test } from 'vitest'

const refused = 'synth: the output must be Terraform JSON, got HCL'

async function makeOutput() {
  const directory = await mkdtemp(join(tmpdir(), 'hcl-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  return directory
}

describe('HCL is refused with a line, and nothing is synthesized,', () => {
  for (const { how, words, env = {} } of [
    { how: 'with synth --hcl', words: ['synth', '--hcl'] },
    { how: 'with CDKTF_HCL', words: ['synth'], env: { CDKTF_HCL: 'true' } },
    { how: 'with SYNTH_HCL_OUTPUT', words: ['deploy', 'dev', '--auto-approve'], env: { SYNTH_HCL_OUTPUT: '1' } }
  ]) {
    test(how, async () => {
      const output = await makeOutput()
      const { exitCode, all } = await execa('cdktn', [...words, '--output', output], {
        preferLocal: true,
        env: { CHECKPOINT_DISABLE: '1', ...env },
        reject: false,
        all: true
      })
      expect(exitCode).toBe(1)
      expect(all).toContain(refused)
      expect(existsSync(join(output, 'stacks'))).toBe(false)
    })
  }

  for (const { how, words, env = {} } of [
    { how: 'with npm run deploy -- dev --hcl', words: ['dev', '--hcl'] },
    { how: 'with SYNTH_HCL_OUTPUT and npm run deploy', words: ['dev'], env: { SYNTH_HCL_OUTPUT: 'true' } },
    { how: 'with CDKTF_HCL and npm run deploy', words: ['dev'], env: { CDKTF_HCL: 'true' } }
  ]) {
    test(`${how}, before cdktn starts`, async () => {
      const { exitCode, stdout, stderr } = await execa(process.execPath, ['modules/deploy/deploy.ts', ...words], {
        env,
        reject: false
      })
      expect([exitCode, stdout]).toEqual([2, ''])
      expect(stderr).toMatch(new RegExp(`^deploy: ${refused}.*$`))
    })
  }
})

test('a cdk.tf that an earlier HCL output left behind is removed by the next synth', async () => {
  const output = await makeOutput()
  const stack = join(output, 'stacks/dev')
  await mkdir(stack, { recursive: true })
  await writeFile(join(stack, 'cdk.tf'), 'terraform {}\n')
  await execa('cdktn', ['synth', '--output', output], { preferLocal: true, env: { CHECKPOINT_DISABLE: '1' } })
  expect(existsSync(join(stack, 'cdk.tf.json'))).toBe(true)
  expect(existsSync(join(stack, 'cdk.tf'))).toBe(false)
})
