import { accessSync, constants, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { z } from 'zod'
import { joinedWords, type ShellCommand, shell } from '../clouds/shell.ts'

/** The package, and the command that it installs. */
export const packageName = 'zilliz-privatelink'

/** The commands of the package. A script of npm may run one by its name, or in this repository by its file. */
export const commandFiles = {
  init: 'modules/cli/init/init.ts',
  deploy: 'modules/deploy/deploy.ts',
  destroy: 'modules/deploy/destroy.ts',
  links: 'modules/links/links.ts',
  doctor: 'probe/doctor/doctor.ts',
  probe: 'probe/server.ts',
  'probe-files': 'probe/probe-files.ts',
  dashboards: 'dashboards/generate.ts'
} as const

export type CommandName = keyof typeof commandFiles

/** A command of the package with its words. How it is started is added where it is printed. */
export interface PackageCommand {
  readonly command: CommandName
  readonly words?: ShellCommand
}

/** How a person started this process, as far as it matters for the commands that are printed for them to paste. */
export interface HowStarted {
  /** As a script of a project or a file of this repository, by npx, by its name alone, or as the executable of doctor. */
  readonly by: 'script' | 'npx' | 'name' | 'executable'
  /** The scripts in the project's package.json. */
  readonly scripts: Readonly<Record<string, string>>
  /** What `npx --package` was given. */
  readonly source?: string | undefined
}

const PackageFile = z.object({ scripts: z.record(z.string(), z.string()).default({}) })

/**
 * How this process was started.
 *
 * @param program `process.argv[1]`; the package's own command puts its name and that of the command there
 */
export function howStarted(
  program = process.argv[1] ?? '',
  variables: Readonly<Record<string, string | undefined>> = process.env
): HowStarted {
  // Node gives an executable with a program in it its own path as that of the program.
  if (program === process.execPath) return { by: 'executable', scripts: {} }
  const { npm_lifecycle_event: script, npm_package_json: file = 'package.json' } = variables
  const isByNpx = script === 'npx' || variables.npm_command === 'exec'
  const isInstalled = program === packageName || program.startsWith(`${packageName} `)
  const scripts = scriptsOf(file)
  if (!isInstalled || (script !== undefined && !isByNpx)) return { by: 'script', scripts }
  // A package manager puts its commands on the path for as long as it runs.
  const isOnPath = !isByNpx && variables.npm_config_user_agent === undefined && isFound(packageName, variables.PATH)
  return isOnPath ? { by: 'name', scripts } : { by: 'npx', scripts, source: variables.npm_config_package || undefined }
}

/**
 * A command of the package for a person to paste where they started this process: `npm run doctor -- …` where the project has a script for
 * it and was started by one, otherwise the installed command or `npx`.
 */
export function commandLine({ command, words }: PackageCommand, started = howStarted()): ShellCommand {
  if (started.by === 'executable' && command === 'doctor') return joinedWords(shell`${process.argv0}`, words)
  const script = started.by === 'script' ? scriptFor(command, started.scripts) : undefined
  if (script === undefined) return programLine(joinedWords(shell`${command}`, words), started)
  return joinedWords(shell`npm run ${script}`, words && joinedWords(shell`--`, words))
}

/** The same of the package's program as a whole. */
export function programLine(words?: ShellCommand, { by, source }: HowStarted = howStarted()): ShellCommand {
  if (by === 'name') return joinedWords(shell`${packageName}`, words)
  return joinedWords(source === undefined ? shell`npx` : shell`npx --package ${source}`, shell`${packageName}`, words)
}

/** The script that runs a command and gives it nothing else. */
function scriptFor(command: CommandName, scripts: HowStarted['scripts']): string | undefined {
  const ends = [`${packageName} ${command}`, commandFiles[command]]
  return Object.keys(scripts).find(name =>
    ends.some(end => scripts[name] === end || scripts[name]?.endsWith(` ${end}`) === true)
  )
}

function scriptsOf(file: string): HowStarted['scripts'] {
  try {
    return PackageFile.parse(JSON.parse(readFileSync(file, 'utf8'))).scripts
  } catch {
    // No project, or one whose file npm reports.
    return {}
  }
}

function isFound(name: string, path = ''): boolean {
  return path.split(delimiter).some(folder => {
    try {
      accessSync(join(folder, name), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}
