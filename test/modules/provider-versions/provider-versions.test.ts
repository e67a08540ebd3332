import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { execa } from 'execa'
import { describe, expect, onTestFinished, test as plain } from 'vitest'
import { z } from 'zod'
import { supportedAws } from '../../../modules/aws/access.ts'
import { readEnvironments } from '../../../modules/environment/read-environments.ts'
import { supportedGcp } from '../../../modules/gcp/access.ts'
import { isAllowed } from '../../../modules/provider-version.ts'
import { openTerraform } from '../../standin/terraform.ts'
import { synthesize } from '../../support/synthesize.ts'
import { testWith } from '../../support/test-with.ts'
import { awsLink, gcpLink } from '../literals.ts'
import { readAll } from '../upgrade/left.ts'
import { awsWorldWithRole, googleWorldWithAccount } from '../world.ts'
import { newest, newestVersions, versionOfBindings } from './newest.ts'

const test = testWith('terraform')

const environment = (more: object = {}) => ({
  name: 'test',
  backend: { type: 'local' },
  links: { search: awsLink, papers: gcpLink },
  ...more
})

const Required = z.looseObject({
  terraform: z.looseObject({ required_providers: z.record(z.string(), z.looseObject({ version: z.string() })) })
})

async function required(more?: object): Promise<Readonly<Record<string, string>>> {
  const { terraform } = Required.parse(JSON.parse(await synthesize(environment(more))))
  return Object.fromEntries(Object.entries(terraform.required_providers).map(([name, { version }]) => [name, version]))
}

describe('an environment', () => {
  plain('allows every version of the providers that is supported', async () => {
    expect(await required()).toEqual({ aws: '>= 6.25.0, < 7.0.0', google: '>= 6.50.0, < 8.0.0' })
  })

  for (const { narrowed, is } of [
    { narrowed: '~> 6.30', is: '>= 6.30.0, < 7.0.0, ~> 6.30' },
    { narrowed: '~> 6.30.2', is: '>= 6.30.2, < 7.0.0, ~> 6.30.2' },
    { narrowed: '6.66.0', is: '>= 6.66.0, < 7.0.0, 6.66.0' },
    { narrowed: '= 6.66', is: '>= 6.66.0, < 7.0.0, = 6.66' },
    { narrowed: '>= 6, < 6.40, != 6.30.1', is: '>= 6.25.0, < 7.0.0, >= 6, < 6.40, != 6.30.1' },
    { narrowed: '> 6.30', is: '>= 6.30.1, < 7.0.0, > 6.30' }
  ]) {
    plain(`narrows them by the constraint ${narrowed}, and names the lowest version first`, async () => {
      expect(await required({ aws: { providerVersion: narrowed } })).toMatchObject({ aws: is })
    })
  }

  plain('narrows those of Google Cloud, and sets nothing of it in the provider', async () => {
    const text = await synthesize(environment({ gcp: { providerVersion: '~> 7.1' } }))
    expect(text).toContain('">= 7.1.0, < 8.0.0, ~> 7.1"')
    expect(text).not.toMatch(/provider_?version/i)
  })

  for (const { given, says } of [
    {
      given: '~> 5.0',
      says: 'must allow a supported version, >= 6.25.0, < 7.0.0, got "~> 5.0". Choose one of these, or leave the key out.'
    },
    {
      given: '>= 6.40, < 6.30',
      says: 'must allow a supported version, >= 6.25.0, < 7.0.0, got ">= 6.40, < 6.30". Choose one of these, or leave the key out.'
    },
    {
      given: '>= 7',
      says: 'must allow a supported version, >= 6.25.0, < 7.0.0, got ">= 7". Choose one of these, or leave the key out.'
    },
    ...['^6.30', '~> 6', '', '6.30 || 6.40', 'latest', '6.30,'].map(given => ({
      given,
      says: `must be a version constraint of Terraform such as "~> 6.25.0", got ${JSON.stringify(given)}. Separate several by commas.`
    }))
  ]) {
    plain(`with the constraint ${JSON.stringify(given)} is a mistake`, () => {
      expect(() => readEnvironments([environment({ aws: { providerVersion: given } })])).toThrow(
        `test: aws.providerVersion: ${says}`
      )
    })
  }
})

for (const { supported, oldest, newestKnown } of [
  { supported: supportedAws, oldest: '@cdktf/provider-aws', newestKnown: newestVersions.aws },
  { supported: supportedGcp, oldest: '@cdktf/provider-google', newestKnown: newestVersions.google }
]) {
  const { provider, from, below } = supported
  plain(
    `the versions of ${provider} begin with that of the bindings, and end with the major version of the newest schemas that are known`,
    () => {
      const [major] = newestKnown.split('.').map(Number)
      expect([versionOfBindings(oldest), `${(major ?? 0) + 1}.0.0`]).toEqual([from, below])
      expect(isAllowed(newestKnown, `>= ${from}, < ${below}`)).toBe(true)
    }
  )
}

for (const { literal, state, clouds } of readAll('test/modules/upgrade/left')) {
  test(`${literal.name} is planned with the newest known schemas of the providers`, async () => {
    const terraform = await openTerraform({ configuration: await synthesize(literal), clouds, as: newest })
    onTestFinished(() => terraform.close())
    await writeFile(join(terraform.directory, 'terraform.tfstate'), JSON.stringify(state))
    await terraform.init()
    expect(await terraform.validate()).toEqual([])
    const { changes, errors } = await terraform.plan()
    expect(errors).toEqual([])
    expect(changes.filter(({ actions }) => actions.join() === 'delete')).toEqual([])
  })
}

test('what the oldest versions of the providers deployed, the newest ones plan without change', async () => {
  const configuration = await synthesize(environment())
  const clouds = { aws: awsWorldWithRole(), google: googleWorldWithAccount() }
  const before = await openTerraform({ configuration, clouds })
  onTestFinished(() => before.close())
  await before.init()
  expect((await before.apply()).errors).toEqual([])
  const after = await openTerraform({ configuration, clouds, as: newest, directory: before.directory })
  onTestFinished(() => after.close())
  expect(await after.plan()).toMatchObject({ changes: [], errors: [] })
})

/** The version of a provider that real Terraform chose of a folder of versions, as its lock file names it. */
const Locked = /provider "[^"]+\/hashicorp\/aws" \{\n\s*version\s*=\s*"([^"]+)"/

describe('of the versions in a registry, real Terraform', () => {
  /** A program with one environment on AWS, in a folder with a mirror of versions that only have a name. */
  async function makeProgram() {
    const folder = await mkdtemp(join(tmpdir(), 'versions-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    const platform = `${process.platform}_${process.arch === 'x64' ? 'amd64' : process.arch}`
    const publish = async (version: string) => {
      const place = join(folder, 'mirror/registry.terraform.io/hashicorp/aws', version, platform)
      await mkdir(place, { recursive: true })
      const program = join(place, `terraform-provider-aws_v${version}`)
      await writeFile(program, `#!/bin/sh\necho ${version} >&2\nexit 1\n`)
      await chmod(program, 0o755)
    }
    await writeFile(
      join(folder, 'terraform.rc'),
      `provider_installation {\n  filesystem_mirror { path = ${JSON.stringify(join(folder, 'mirror'))} }\n}\n`
    )
    const stack = join(folder, 'cdktf.out/stacks/test')
    const init = async (providerVersion?: string) => {
      const aws = providerVersion === undefined ? {} : { aws: { providerVersion } }
      const literal = { name: 'test', backend: { type: 'local' }, links: { search: awsLink }, ...aws }
      const room = resolve('modules/environment/synthesize-environments.ts')
      await writeFile(
        join(folder, 'main.ts'),
        `import { synthesizeEnvironments } from ${JSON.stringify(room)}\nawait synthesizeEnvironments([${JSON.stringify(literal)}])\n`
      )
      await execa(process.execPath, ['--disable-warning=DEP0044', 'main.ts'], { cwd: folder })
      await execa('terraform', ['init', '-backend=false', '-input=false'], {
        cwd: stack,
        env: { TF_CLI_CONFIG_FILE: join(folder, 'terraform.rc'), CHECKPOINT_DISABLE: '1' }
      })
      return Locked.exec(await readFile(join(stack, '.terraform.lock.hcl'), 'utf8'))?.[1]
    }
    return { publish, init }
  }

  test('takes the newest that is supported, keeps it, and takes what the environment narrows them to', async () => {
    const { publish, init } = await makeProgram()
    for (const version of ['6.24.0', '6.25.0', '6.40.0', '7.0.0']) await publish(version)
    expect(await init()).toBe('6.40.0')
    await publish('6.41.0')
    expect(await init(), 'after a newer one has come').toBe('6.40.0')
    expect(await init('6.25.0'), 'narrowed to an older one').toBe('6.25.0')
    expect(await init('>= 6.25'), 'narrowed to what the lock file has').toBe('6.25.0')
    expect(await init('> 6.40'), 'narrowed to a newer one').toBe('6.41.0')
    expect(await init(), 'no longer narrowed').toBe('6.41.0')
  })
})
