import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { execa } from 'execa'
import { describe, expect, onTestFinished, test as plain } from 'vitest'
import { reattachEnvironment } from '../../standin/reattach.ts'
import { testWith } from '../../support/test-with.ts'
import { awsLink, gcpLink } from '../literals.ts'
import { awsHost, awsWorld, gcpHost, googleWorld } from '../world.ts'

const test = testWith('terraform')

const links = {
  search: { ...awsLink, hosts: [`${awsHost}:19531`] },
  papers: { ...gcpLink, hosts: [`${gcpHost}:443`] }
}

/** A folder with what the program of an environment synthesizes. */
async function synthesized(backend: object): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'plain-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  await synthesizeIn(folder, backend)
  return folder
}

async function synthesizeIn(folder: string, backend: object): Promise<void> {
  const room = resolve('modules/environment/synthesize-environments.ts')
  const literal = JSON.stringify({ name: 'test', backend, links })
  writeFileSync(
    join(folder, 'main.ts'),
    `import { synthesizeEnvironments } from ${JSON.stringify(room)}\nawait synthesizeEnvironments([${literal}])\n`
  )
  await execa(process.execPath, ['--disable-warning=DEP0044', 'main.ts'], { cwd: folder })
}

async function terraformIn(folder: string) {
  const { variables, close } = await reattachEnvironment({ aws: awsWorld(), google: googleWorld() })
  onTestFinished(close)
  return (directory: string, ...words: readonly string[]) =>
    execa('terraform', [...words, '-input=false', '-no-color'], {
      cwd: join(directory, 'cdktf.out/stacks/test'),
      env: { ...variables, HOME: folder, TF_CLI_CONFIG_FILE: '/dev/null' },
      reject: false,
      all: true
    })
}

describe('what is synthesized is plain Terraform:', () => {
  for (const backend of [
    { type: 'local' },
    { type: 'local', path: 'state/test.tfstate' },
    { type: 's3', bucket: 'search-terraform-state', region: 'us-west-2' },
    { type: 'gcs', bucket: 'search-terraform-state' }
  ]) {
    plain(`with the backend ${JSON.stringify(backend)}, it has no path of this machine`, async () => {
      const folder = await synthesized(backend)
      const text = readFileSync(join(folder, 'cdktf.out/stacks/test/cdk.tf.json'), 'utf8')
      expect(text).not.toContain(folder)
      expect(text).not.toContain(resolve('.'))
      expect(text).not.toMatch(/"path": "\//)
    })
  }

  for (const path of [undefined, 'state/test.tfstate']) {
    test(`deployed by terraform alone, then copied elsewhere with its state in ${path ?? 'the default file'}, it is planned without change on both clouds`, async () => {
      const folder = await synthesized({ type: 'local', ...(path === undefined ? {} : { path }) })
      const terraform = await terraformIn(folder)
      expect(await terraform(folder, 'init')).toMatchObject({ exitCode: 0 })
      expect(await terraform(folder, 'apply', '-auto-approve')).toMatchObject({ exitCode: 0 })
      const copy = mkdtempSync(join(tmpdir(), 'copy-'))
      onTestFinished(() => rmSync(copy, { recursive: true }))
      const state = path ?? 'terraform.test.tfstate'
      mkdirSync(join(copy, 'state'))
      cpSync(join(folder, state), join(copy, state))
      const stack = 'cdktf.out/stacks/test/cdk.tf.json'
      mkdirSync(join(copy, 'cdktf.out/stacks/test'), { recursive: true })
      cpSync(join(folder, stack), join(copy, stack))
      expect(await terraform(copy, 'init')).toMatchObject({ exitCode: 0 })
      const { exitCode, all } = await terraform(copy, 'plan', '-detailed-exitcode')
      expect([exitCode, all]).toEqual([0, expect.stringContaining('No changes.')])
    })
  }
})

test('a stack whose state had an absolute path in an earlier version is initialized again without a question', async () => {
  const folder = await synthesized({ type: 'local' })
  const terraform = await terraformIn(folder)
  const file = join(folder, 'cdktf.out/stacks/test/cdk.tf.json')
  const stack = JSON.parse(readFileSync(file, 'utf8'))
  stack.terraform.backend.local.path = join(folder, 'terraform.test.tfstate')
  writeFileSync(file, JSON.stringify(stack))
  expect(await terraform(folder, 'init')).toMatchObject({ exitCode: 0 })
  expect(await terraform(folder, 'apply', '-auto-approve')).toMatchObject({ exitCode: 0 })
  await synthesizeIn(folder, { type: 'local' })
  expect(await terraform(folder, 'init')).toMatchObject({ exitCode: 0 })
  expect(await terraform(folder, 'plan', '-detailed-exitcode')).toMatchObject({ exitCode: 0 })
})
