import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { execa } from 'execa'
import { onTestFinished } from 'vitest'
import { z } from 'zod'

export const root = join(import.meta.dirname, '../..')
const modules = join(root, 'node_modules')

/** The package as it is published, unpacked, and the tarball. */
export interface Packed {
  readonly tarball: string
  readonly folder: string
  readonly remove: () => Promise<void>
}

const Lock = z.object({
  packages: z.record(z.string(), z.object({ dev: z.boolean().optional(), devOptional: z.boolean().optional() }))
})

/** Builds and packs the project into a folder outside of it. */
export async function pack(): Promise<Packed> {
  const folder = await mkdtemp(join(tmpdir(), 'zilliz-packed-'))
  const { stdout } = await execa('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: root })
  const tarball = join(folder, stdout.trim().split('\n').at(-1) ?? '')
  await execa('tar', ['xzf', tarball, '-C', folder])
  return {
    tarball,
    folder: join(folder, 'package'),
    remove: () => rm(folder, { recursive: true, force: true })
  }
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

/**
 * A folder of a user's own with the package installed, without network: the tarball's files, and links to what an install would bring
 * along.
 *
 * @param files by name
 * @param peers packages that the user installed in addition: the folder of each by its name, or where the repository has it
 */
export async function installed(
  packed: Packed,
  files: Readonly<Record<string, string>>,
  peers: Readonly<Record<string, string | undefined>> = {}
): Promise<string> {
  const app = await mkdtemp(join(tmpdir(), 'zilliz-app-'))
  onTestFinished(() => rm(app, { recursive: true, force: true }))
  const all = new Map<string, string | undefined>([
    ...(await dependencies()).map(name => [name, undefined] as const),
    ...Object.entries(peers)
  ])
  for (const [name, folder = join(modules, name)] of all) {
    const link = join(app, 'node_modules', name)
    await mkdir(dirname(link), { recursive: true })
    await symlink(folder, link)
  }
  await cp(packed.folder, join(app, 'node_modules/zilliz-privatelink'), { recursive: true })
  await mkdir(join(app, 'node_modules/.bin'))
  await symlink(
    '../zilliz-privatelink/dist/modules/cli/zilliz-privatelink.js',
    join(app, 'node_modules/.bin/zilliz-privatelink')
  )
  for (const [name, text] of Object.entries(files)) await writeFile(join(app, name), text)
  return app
}
