import { copyFile, mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join, relative, resolve, sep } from 'node:path'

/** A file of a new project: its text, or the file that it is a copy of. */
export type NewFile = string | { readonly copyOf: string }

/**
 * What keeps a folder from becoming a project.
 *
 * @returns what is wrong and what to do, or nothing
 */
export async function obstacleIn(folder: string): Promise<string | undefined> {
  try {
    const names = await readdir(folder)
    if (names.length === 0) return undefined
    return `${folder}: must be empty or absent, got a folder with ${names.sort()[0]}. Give another folder.`
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return undefined
    if (code === 'ENOTDIR') return `${folder}: must be empty or absent, got a file. Give another folder.`
    return `${folder}: cannot be read, got ${code}. Give another folder.`
  }
}

/**
 * Writes files into a folder that is absent or empty. If that fails or is stopped, nothing of it stays.
 *
 * @param files by path, with slashes
 * @throws what the file system throws, and the reason of the signal
 */
export async function writeFolder(
  folder: string,
  files: ReadonlyMap<string, NewFile>,
  signal: AbortSignal
): Promise<void> {
  const firstMade = await mkdir(folder, { recursive: true })
  try {
    for (const [path, file] of files) {
      signal.throwIfAborted()
      const to = join(folder, path)
      await mkdir(dirname(to), { recursive: true })
      if (typeof file === 'string') await writeFile(to, file, { flag: 'wx' })
      else await copyFile(file.copyOf, to)
    }
    signal.throwIfAborted()
  } catch (error) {
    const written =
      firstMade === undefined
        ? [...new Set(Array.from(files.keys(), path => join(folder, path.split('/')[0] ?? '')))]
        : [firstMade]
    for (const each of written) await rm(each, { recursive: true, force: true })
    throw error
  }
}

/**
 * The repository that a folder would be a part of.
 *
 * @returns its root, and the path of the folder in it with slashes; nothing if there is none, or if the folder is its root
 */
export async function repositoryAround(folder: string): Promise<{ root: string; path: string } | undefined> {
  const full = resolve(folder)
  for (let root = dirname(full); ; root = dirname(root)) {
    const isRoot = await stat(join(root, '.git')).then(
      () => true,
      () => false
    )
    if (isRoot) return { root, path: relative(root, full).split(sep).join('/') }
    if (dirname(root) === root) return undefined
  }
}
