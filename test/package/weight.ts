import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { root } from './installed.ts'

/** What files take, in bytes. */
export interface Weight {
  readonly content: number
  /** In blocks of 4 KiB, as most file systems keep files and folders, and as `du` counts them. */
  readonly disk: number
}

const blockBytes = 4096

const Lock = z.object({
  packages: z.record(z.string(), z.object({ dev: z.boolean().optional(), devOptional: z.boolean().optional() }))
})

/** The folders of the packages that an install of the package brings along, by the lock file. */
export async function dependencyFolders(): Promise<readonly string[]> {
  const { packages } = Lock.parse(JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8')))
  return Object.entries(packages).flatMap(([path, { dev, devOptional }]) =>
    path !== '' && dev !== true && devOptional !== true ? [join(root, path)] : []
  )
}

/** What a package takes, without the packages inside of it. */
export async function weightOf(folder: string): Promise<Weight> {
  const entries = await readdir(folder, { withFileTypes: true })
  const weights = await Promise.all(
    entries
      .filter(({ name }) => name !== 'node_modules')
      .map(async entry => {
        const path = join(folder, entry.name)
        if (entry.isDirectory()) return weightOf(path)
        const { size } = await stat(path)
        return { content: size, disk: Math.ceil(size / blockBytes) * blockBytes }
      })
  )
  return total([{ content: 0, disk: blockBytes }, ...weights])
}

export function total(weights: readonly Weight[]): Weight {
  return {
    content: weights.reduce((sum, { content }) => sum + content, 0),
    disk: weights.reduce((sum, { disk }) => sum + disk, 0)
  }
}
