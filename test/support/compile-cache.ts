import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * Keeps what Node has compiled for as long as the tests run. The tests start the probe, its doctor and cdktn hundreds of times, and
 * half of the processor time of a start is compiling. The folder ends with the run, because the copies of the program in temporary folders
 * would fill it.
 *
 * @returns what removes the folder
 */
export async function setup(): Promise<() => Promise<void>> {
  const directory = await mkdtemp(join(tmpdir(), 'compile-cache-'))
  process.env.NODE_COMPILE_CACHE = directory
  return () => rm(directory, { recursive: true, force: true, maxRetries: 3 })
}
