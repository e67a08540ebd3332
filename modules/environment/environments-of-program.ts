import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { z } from 'zod'
import { MistakesError } from '../mistakes.ts'
import { environmentsFileVariable } from './environment.ts'

/** What is read of a project's `cdktf.json`. */
const CdktfFile = z.looseObject({ app: z.string().min(1) })

/** Only a name is needed here: `readEnvironments` reports every other mistake. */
const Literals = z.array(z.unknown())

interface ProgramToRun {
  /** @default - this folder */
  readonly folder?: string
  /** How long the program may take, with a compiler before it. It and all that it started are ended then. */
  readonly patienceMs?: number
  /** The command of the program. @default - `app` in the project's `cdktf.json` */
  readonly app?: string | undefined
}

/**
 * The environments of the project in a folder, as they are written. Runs its program, which is what `cdktf.json` names as its
 * `app`, and synthesizes nothing.
 *
 * @throws MistakesError if there is no such project, or if its program fails or calls no `synthesizeEnvironments`
 */
export async function environmentsOfProgram({
  folder = process.cwd(),
  patienceMs = 120_000,
  app: given
}: ProgramToRun = {}): Promise<readonly unknown[]> {
  const app = given ?? (await readApp(folder))
  const directory = await mkdtemp(join(tmpdir(), 'zilliz-environments-'))
  const file = join(directory, 'environments.json')
  try {
    const { failed, shortMessage } = await execa(app, {
      cwd: folder,
      shell: true,
      // What the shell started would hold the output open.
      killDescendants: true,
      reject: false,
      timeout: patienceMs,
      stdin: 'ignore',
      // The output of the command itself is for programs.
      stdout: ['pipe', process.stderr],
      stderr: 'inherit',
      env: { [environmentsFileVariable]: file }
    })
    if (failed)
      throw new MistakesError([`cdktf.json: app: cannot be run, got ${shortMessage}. Run it as it is written.`])
    const text = await readFile(file, 'utf8').catch(() => undefined)
    if (text === undefined) {
      throw new MistakesError([
        `cdktf.json: app: must call synthesizeEnvironments of zilliz-privatelink/environment, got ${app}. Pass it all environments.`
      ])
    }
    return Literals.parse(JSON.parse(text))
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

async function readApp(folder: string): Promise<string> {
  const text = await readFile(join(folder, 'cdktf.json'), 'utf8').catch(() => undefined)
  if (text === undefined) {
    throw new MistakesError([
      `cdktf.json: is not in this folder, got ${folder}. Run the command in the folder of the project.`
    ])
  }
  try {
    return CdktfFile.parse(JSON.parse(text)).app
  } catch {
    throw new MistakesError([
      'cdktf.json: must be JSON with the command of the program as app. Write: { "app": "node main.ts" }'
    ])
  }
}
