import { createHash } from 'node:crypto'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { execa } from 'execa'
import { onTestFinished } from 'vitest'
import { z } from 'zod'
import { madeOnce } from './made-once.ts'

export const root = join(import.meta.dirname, '../..')
const modules = join(root, 'node_modules')

/** The package as it is published, unpacked, and the tarball. */
export interface Packed {
  readonly tarball: string
  readonly folder: string
}

const Lock = z.object({
  packages: z.record(z.string(), z.object({ dev: z.boolean().optional(), devOptional: z.boolean().optional() }))
})

/** The package, built and packed into a folder outside of the project: once for all files of a run of tests. */
export async function pack(): Promise<Packed> {
  const folder = await madeOnce('packed', async folder => {
    await execa('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: root })
    await execa('tar', ['xzf', await tarballIn(folder), '-C', folder])
  })
  return { tarball: await tarballIn(folder), folder: join(folder, 'package') }
}

async function tarballIn(folder: string): Promise<string> {
  const name = (await readdir(folder)).find(name => name.endsWith('.tgz'))
  if (name === undefined) throw new Error(`npm pack wrote no tarball into ${folder}`)
  return join(folder, name)
}

/** The packages that an install brings along, by the lock file. */
async function dependencies(): Promise<readonly string[]> {
  const { packages } = Lock.parse(JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8')))
  return Object.entries(packages).flatMap(([path, { dev, devOptional }]) => {
    const [, name] = /^node_modules\/((?:@[^/]+\/)?[^/]+)$/.exec(path) ?? []
    return name !== undefined && dev !== true && devOptional !== true ? [name] : []
  })
}

/** The compiler that ts-node and the types of a project of cdktf need: the repository's own has no API. */
export const typescript5 = dirname(
  createRequire(createRequire(import.meta.url).resolve('@arethetypeswrong/core')).resolve('typescript/package.json')
)

/** What a user of cdktf has installed. Give it to `installed`. */
export const cdktf = {
  cdktf: undefined,
  constructs: undefined,
  '@cdktf/provider-aws': undefined,
  '@cdktf/provider-google': undefined,
  '@types/node': undefined
}

/** What a user of cdktn on AWS has installed. */
export const cdktn = {
  cdktn: undefined,
  constructs: undefined,
  '@cdktn/provider-aws': undefined,
  '@types/node': undefined
}

const Manifest = z.object({ bin: z.union([z.string(), z.record(z.string(), z.string())]).optional() })

/** The commands of a package: the path of each in it, by name. */
async function commandsOf(name: string, folder: string): Promise<Readonly<Record<string, string>>> {
  const { bin = {} } = Manifest.parse(JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')))
  return typeof bin === 'string' ? { [name.replace(/^@.*\//, '')]: bin } : bin
}

/**
 * A folder of a user's own with the package installed, without network: the tarball's files, links to what an install would bring
 * along, and the commands of all of them in `node_modules/.bin`. The folder ends with the test. `node_modules` is a link to what all
 * tests with the same packages share: do not write to it.
 *
 * @param files by name, which may have folders in it
 * @param peers packages that the user installed in addition: the folder of each by its name, or where the repository has it
 */
export async function installed(
  packed: Packed,
  files: Readonly<Record<string, string>>,
  peers: Readonly<Record<string, string | undefined>> = {}
): Promise<string> {
  const linked = new Map([
    ...(await dependencies()).map(name => [name, join(modules, name)] as const),
    ...Object.entries(peers).map(([name, folder = join(modules, name)]) => [name, folder] as const)
  ])
  const key = createHash('sha256')
    .update(JSON.stringify([...linked]))
    .digest('hex')
    .slice(0, 12)
  const place = await madeOnce(`installed-${key}`, async place => {
    const ours = join(place, 'node_modules/zilliz-privatelink')
    await cp(packed.folder, ours, { recursive: true })
    await mkdir(join(place, 'node_modules/.bin'))
    for (const [name, folder] of linked) {
      const link = join(place, 'node_modules', name)
      await mkdir(dirname(link), { recursive: true })
      await symlink(folder, link)
    }
    const commands = new Map<string, string>()
    for (const [name, folder] of [...linked, ['zilliz-privatelink', ours] as const]) {
      for (const [command, path] of Object.entries(await commandsOf(name, folder))) {
        commands.set(command, join('..', name, path))
      }
    }
    for (const [command, path] of commands) await symlink(path, join(place, 'node_modules/.bin', command))
  })
  const app = await mkdtemp(join(place, 'app-'))
  onTestFinished(() => rm(app, { recursive: true, force: true }))
  await symlink(join('..', 'node_modules'), join(app, 'node_modules'))
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(app, name)), { recursive: true })
    await writeFile(join(app, name), text)
  }
  return app
}
