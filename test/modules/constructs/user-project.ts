import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { execa } from 'execa'
import { onTestFinished } from 'vitest'

/** Where the package has what it exports. */
const entries = {
  'zilliz-privatelink/aws': 'modules/aws/private-link.ts',
  'zilliz-privatelink/gcp': 'modules/gcp/private-link.ts'
}

/** A project of a user, with files by their names. */
export interface UserProject {
  /** The path of a file. */
  readonly pathOf: (file: string) => string
  /** What the type checker says, a line each: `file.ts(1,2): error TS2741: …`. */
  readonly typeErrors: readonly string[]
}

/** Writes a project of a user and checks its types. It ends with the test. */
export async function userProject(files: Readonly<Record<string, string>>): Promise<UserProject> {
  const directory = mkdtempSync(join(tmpdir(), 'user-project-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  symlinkSync(resolve('node_modules'), join(directory, 'node_modules'))
  for (const [file, code] of Object.entries(files)) {
    const resolved = Object.entries(entries).reduce(
      (text, [name, path]) => text.replaceAll(`'${name}'`, `'${pathToFileURL(resolve(path)).pathname}'`),
      code
    )
    writeFileSync(join(directory, file), resolved)
  }
  writeFileSync(join(directory, 'package.json'), JSON.stringify({ type: 'module' }))
  writeFileSync(
    join(directory, 'tsconfig.json'),
    JSON.stringify({ extends: resolve('tsconfig.json'), include: Object.keys(files) })
  )
  const { stdout } = await execa('tsc', ['--noEmit', '--pretty', 'false', '--project', directory], {
    preferLocal: true,
    reject: false,
    timeout: 120_000
  })
  return {
    pathOf: file => join(directory, file),
    typeErrors: stdout
      .split('\n')
      .filter(line => line.includes('error TS'))
      .map(line => line.slice(line.lastIndexOf('/', line.indexOf('(')) + 1))
  }
}
