import type { Stats } from 'node:fs'
import { constants, type FileHandle, open } from 'node:fs/promises'
import { configLimits } from '../schema/limits.ts'

/**
 * Reads a file that the operator named: a regular one of limited size, for a pipe or a device may never end.
 *
 * @returns its bytes, or why it is not read: what is wrong and what to do
 */
export async function readBytes(file: string): Promise<Buffer | { readonly mistake: string }> {
  try {
    // A pipe that nobody writes to would hold up the opening.
    await using handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK)
    const stats = await handle.stat()
    if (!stats.isFile()) return { mistake: `is ${kindOf(stats)}. Give a regular file.` }
    const bytes = await readMost(handle, configLimits.fileBytes)
    if (bytes !== undefined) return bytes
    return { mistake: `has more than ${configLimits.fileBytes / 1024} KiB. Check whether it is the right file.` }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error
    // A socket is not even opened.
    if (error.code === 'ENXIO') return { mistake: 'is a socket. Give a regular file.' }
    return { mistake: `cannot be read (${error.code}). Check that it exists and that the user may read it.` }
  }
}

/** The whole content of a file, whatever size it reports. `undefined` if it has more than so many bytes. */
async function readMost(handle: FileHandle, most: number): Promise<Buffer | undefined> {
  const { size } = await handle.stat()
  if (size > most) return undefined
  const chunks: Buffer[] = []
  let total = 0
  for (;;) {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(64 * 1024), 0, 64 * 1024)
    if (bytesRead === 0) return Buffer.concat(chunks)
    total += bytesRead
    if (total > most) return undefined
    chunks.push(buffer.subarray(0, bytesRead))
  }
}

function kindOf(stats: Stats): string {
  if (stats.isDirectory()) return 'a directory'
  return stats.isFIFO() ? 'a pipe' : 'a device'
}
