import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { configLimits } from '../../probe/schema/limits.ts'
import { ConfigError } from '../../probe/schema/read.ts'
import type { Session } from './kind.ts'

/**
 * Gives each input to a reader, in a file. It may be taken, or refused in lines of limited number and length that have no
 * control characters.
 */
export async function filesToRefuse(name: string, read: (file: string) => Promise<unknown>): Promise<Session<Buffer>> {
  const directory = await mkdtemp(join(tmpdir(), 'fuzz-file-'))
  const file = join(directory, name)
  return {
    run: async bytes => {
      await writeFile(file, bytes)
      try {
        await read(file)
      } catch (error) {
        if (!(error instanceof ConfigError)) throw error
        const { mistakes } = error
        const isBounded = mistakes.length > 0 && mistakes.length <= configLimits.mistakes + 1
        if (!isBounded || !mistakes.every(isReadable)) throw new Error(`not readable: ${JSON.stringify(mistakes)}`)
      }
    },
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true })
  }
}

function isReadable(line: string): boolean {
  return line.length < 2000 && Array.from(line).every(character => !isControl(character.codePointAt(0) ?? 0))
}

const isControl = (code: number) => code < 0x20 || (code >= 0x7f && code <= 0x9f)
