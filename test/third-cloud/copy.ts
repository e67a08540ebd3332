import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { execa } from 'execa'

const root = join(import.meta.dirname, '../..')

/** A copy of this project that has one cloud more, and is another project for all that runs in it. */
export interface Copy {
  readonly directory: string
  /** The files that were added, and the lines that were added to or removed from a file. */
  readonly changes: readonly string[]
  /** Runs a program of the project in the copy, with the Node that runs this. */
  run(program: string, ...words: readonly string[]): Promise<{ code: number | undefined; output: string }>
  /** Runs TypeScript in the copy. */
  evaluate(code: string): Promise<string>
  read(file: string): Promise<string>
  close(): Promise<void>
}

/** What git has of the project, and the files of the cloud Nimbus, and Nimbus in the list of each room. */
export async function copyWithNimbus(): Promise<Copy> {
  const directory = await mkdtemp(join(tmpdir(), 'third-cloud-'))
  const files = async (...words: readonly string[]) => {
    const { stdout } = await execa('git', ['ls-files', '--cached', '--others', '--exclude-standard', ...words], {
      cwd: root
    })
    return stdout.split('\n').filter(file => file !== '')
  }
  for (const file of await files()) {
    await mkdir(dirname(join(directory, file)), { recursive: true })
    await cp(join(root, file), join(directory, file)).catch(ignoreDeleted)
  }
  await symlink(join(root, 'node_modules'), join(directory, 'node_modules'))

  const own = 'test/third-cloud/files/'
  const added = (await files(own)).map(file => file.slice(own.length))
  for (const file of added) {
    await mkdir(dirname(join(directory, file)), { recursive: true })
    await cp(join(root, own, file), join(directory, file))
  }
  const changes = added.map(file => `new ${file}`)
  for (const [list, from] of [
    ['probe/clouds.ts', './clouds/nimbus/cloud.ts'],
    ['modules/clouds.ts', './nimbus/cloud.ts'],
    ['modules/starters.ts', './nimbus/starter.ts']
  ] as const) {
    const before = await readFile(join(root, list), 'utf8')
    const after = before
      .replace(/^/, `import { nimbus } from '${from}'\n`)
      .replace(/(export const clouds = \{.*?) \}/, '$1, nimbus }')
    await writeFile(join(directory, list), after)
    const [old, lines] = [before, after].map(text => text.split('\n'))
    changes.push(...(lines ?? []).filter(line => old?.includes(line) !== true).map(line => `${list}: ${line}`))
  }

  const run = async (program: string, ...words: readonly string[]) => {
    const { exitCode, all } = await execa(program, words, {
      cwd: directory,
      preferLocal: true,
      localDir: root,
      all: true,
      reject: false,
      timeout: 120_000
    })
    return { code: exitCode, output: all }
  }
  return {
    directory,
    changes,
    run,
    evaluate: async code => {
      const { code: ended, output } = await run(process.execPath, '--input-type=module-typescript', '--eval', code)
      if (ended !== 0) throw new Error(output)
      return output
    },
    read: file => readFile(join(directory, file), 'utf8'),
    close: () => rm(directory, { recursive: true, force: true })
  }
}

/** A file that git still lists, although it was removed. */
function ignoreDeleted(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error
}
