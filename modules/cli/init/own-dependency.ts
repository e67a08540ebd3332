import { readFile, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { z } from 'zod'
import packageFile from '../../../package.json' with { type: 'json' }

/** How a new project depends on this package. */
export interface OwnDependency {
  /** What `package.json` says: an exact version, a file of the project or an address. */
  readonly spec: string
  /** The file that goes into the project with it. @default - the spec is no file */
  readonly tarball?: string
}

/** The folder of a project that has the tarball. */
export const vendorFolder = 'vendor'

/** What npm keeps of an install, in `node_modules/.package-lock.json`. */
const InstallRecord = z.object({
  packages: z.record(z.string(), z.object({ resolved: z.string().optional() }))
})

/**
 * How the package that runs was installed, as far as npm tells: from a tarball, which the project then has a copy of, or from a
 * registry, of which the project takes the same version.
 */
export async function ownDependency(): Promise<OwnDependency> {
  const { name, version } = packageFile
  const registry = { spec: version }
  const modules = modulesAbove(import.meta.dirname, name)
  if (modules === undefined) return registry
  const text = await readFile(join(modules, '.package-lock.json'), 'utf8').catch(() => undefined)
  if (text === undefined) return registry
  const { data } = InstallRecord.safeParse(JSON.parse(text))
  const resolved = data?.packages[`node_modules/${name}`]?.resolved
  if (resolved === undefined || resolved.endsWith(`/${name}/-/${name}-${version}.tgz`)) return registry
  if (!resolved.startsWith('file:')) return { spec: resolved }
  const tarball = resolve(dirname(modules), resolved.slice('file:'.length))
  const isFile = await stat(tarball).then(
    found => found.isFile(),
    () => false
  )
  return isFile ? { spec: `file:${vendorFolder}/${basename(tarball)}`, tarball } : registry
}

/** The `node_modules` that this file was installed into. */
function modulesAbove(folder: string, name: string): string | undefined {
  const above = dirname(folder)
  if (above === folder) return undefined
  return basename(folder) === name && basename(above) === 'node_modules' ? above : modulesAbove(above, name)
}
