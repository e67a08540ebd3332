import { access, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** The environment variable with the folder that the files of a run of tests share. */
const sharedFolderVariable = 'PACKAGE_TESTS_FOLDER'

/** How long a file waits for what another one makes. */
const patienceMs = 115_000

/**
 * Gives a run of tests a folder for what its files share. It is empty until a file asks for something, and ends with the run.
 *
 * @returns what removes the folder
 */
export async function setup(): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'zilliz-package-'))
  process.env[sharedFolderVariable] = folder
  return () => rm(folder, { recursive: true, force: true, maxRetries: 3 })
}

/**
 * A folder that is made once in a run of tests. The file that asks first makes it, and the others wait.
 *
 * @param name of the folder
 * @param make fills the folder
 * @throws Error if it cannot be made, or not in time, in every file that asks
 */
export async function madeOnce(name: string, make: (folder: string) => Promise<void>): Promise<string> {
  const shared = process.env[sharedFolderVariable]
  if (shared === undefined) throw new Error(`${sharedFolderVariable} is not set. Run the tests by vitest.`)
  const folder = join(shared, name)
  const [done, failure] = [`${folder}.done`, `${folder}.failed`]
  try {
    await mkdir(folder)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    await waitForEither(done, failure)
    return folder
  }
  try {
    await make(folder)
    await writeFile(done, '')
  } catch (error) {
    await writeFile(failure, String(error))
    throw error
  }
  return folder
}

async function waitForEither(done: string, failure: string): Promise<void> {
  const isThere = (path: string) =>
    access(path).then(
      () => true,
      () => false
    )
  for (const end = Date.now() + patienceMs; Date.now() < end; await sleep(50)) {
    if (await isThere(done)) return
    if (await isThere(failure)) throw new Error(await readFile(failure, 'utf8'))
  }
  throw new Error(`${done} was not written within ${patienceMs} ms`)
}
