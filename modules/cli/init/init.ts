import { basename, join, resolve } from 'node:path'
import { execa } from 'execa'
import { shell } from '../../../probe/clouds/shell.ts'
import { allClouds, type CloudId, cloudOf } from '../../../probe/clouds.ts'
import { createCommand, runCommand } from '../../../probe/command/command.ts'
import { exitStatus, exitStatusHelp } from '../../../probe/command/exit-status.ts'
import { exitCodeAfter, type Interruption, takeSignals } from '../../deploy/interruption.ts'
import { MistakesError } from '../../mistakes.ts'
import { askClouds, askMissing, Cancelled, isTerminal, openAsker } from './ask.ts'
import { costLines } from './cost.ts'
import { obstacleIn, repositoryAround, writeFolder } from './folder.ts'
import { flagsOfClouds, givenFor, readClouds, zillizProjectFlag } from './given.ts'
import { ownDependency } from './own-dependency.ts'
import { appCommand, nodeForTypeScript, projectFiles, workflowFile } from './project-files.ts'
import {
  environmentNames,
  hasPlaceholder,
  mistakesOf,
  type WrittenEnvironment,
  writtenEnvironment
} from './written-environment.ts'

interface InitOptions {
  readonly cloud?: readonly CloudId[]
  readonly environment: string
  readonly zillizProject?: string
  readonly input: boolean
  readonly install: boolean
}

const ids = allClouds.map(({ id }) => id)
/** Without a terminal: the first there is. There is one at least. */
const [defaultCloud] = ids as [CloudId, ...CloudId[]]
const program = createCommand('init')
  .usage('<folder> [options]')
  .description('Writes a new project with an environment for each cloud. Asks on a terminal for what is not given.')
  .argument('<folder>', 'an empty or absent folder')
  .option(
    '--cloud <list>',
    `${ids.join(', ')}, or several with commas. Default: the clouds of the other options, or else ${defaultCloud}`,
    readClouds
  )
  .option('--environment <name>', 'name of the environment; with several clouds, each adds its own', 'dev')
  .option(`${zillizProjectFlag} <id>`, 'project of Zilliz Cloud, to register endpoints with an API key')
  .option('--no-input', 'ask nothing, and write placeholders')
  .option('--no-install', 'write the files only')
for (const option of flagsOfClouds()) program.addOption(option)
program
  .addHelpText(
    'after',
    `
A list is separated by commas. What is neither given nor asked for becomes a placeholder, which synth refuses.`
  )
  .addHelpText(
    'after',
    exitStatusHelp({ failure: 'the project is written, but it cannot be installed or synthesized' })
  )
  .action(async (folder: string, options: InitOptions) => {
    try {
      process.exitCode = await init(folder, options)
    } catch (error) {
      if (!(error instanceof Cancelled)) throw error
      console.error('init: canceled. Nothing was written.')
      process.exitCode = exitCodeAfter('SIGINT')
    }
  })
/** @returns the exit status */
async function init(folder: string, options: InitOptions): Promise<number> {
  if (process.features.typescript === false) {
    throw new MistakesError([
      `Node must be version ${nodeForTypeScript} or later to run the TypeScript of the project, got ${process.versions.node}. Install a later one: https://nodejs.org/en/download`
    ])
  }
  const obstacle = await obstacleIn(folder)
  if (obstacle !== undefined) throw new MistakesError([obstacle])
  const environments = await decidedEnvironments(options)
  const repository = await repositoryAround(folder)
  const files = projectFiles({
    folderName: basename(resolve(folder)),
    environments,
    dependency: await ownDependency(),
    pathInRepository: repository?.path
  })

  const interruption = takeSignals()
  try {
    await writeFolder(folder, files, interruption.signal)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (!interruption.signal.aborted && code === undefined) throw error
    const why = interruption.signal.aborted ? `stopped by ${interruption.by()}` : `cannot be written, got ${code}`
    console.error(`init: ${folder}: ${why}. Nothing of it is left.`)
    return interrupted(interruption) ?? exitStatus.failure
  }
  for (const path of files.keys()) console.log(`wrote ${join(folder, path)}`)
  if (repository !== undefined) {
    console.log(
      `${folder} is a part of the repository ${repository.root}. GitHub reads workflows at its root only: move ${join(folder, workflowFile)} to ${join(repository.root, workflowFile)}.`
    )
  }
  const isReady = environments.every(({ link }) => !hasPlaceholder(link))
  const status = options.install ? await installAndSynthesize(folder, isReady, interruption) : exitStatus.success
  if (status !== exitStatus.success) return status
  for (const environment of environments) for (const line of ['', ...costLines(environment)]) console.log(line)
  const [first] = environments
  console.log(
    [
      '',
      'Next:',
      ...nextSteps(folder, first?.name ?? '', { isReady, isInstalled: options.install }).map(line => `  ${line}`)
    ].join('\n')
  )
  return exitStatus.success
}

/** What to write, as given or asked for. */
async function decidedEnvironments(options: InitOptions): Promise<readonly WrittenEnvironment[]> {
  const isAsking = options.input && isTerminal()
  const ofFlags = ids.filter(id => Object.keys(givenFor(id, program.opts())).length > 0)
  const unnamed = ofFlags.filter(id => options.cloud !== undefined && !options.cloud.includes(id))
  if (unnamed.length > 0) {
    throw new MistakesError(
      unnamed.map(
        id => `--cloud: must name ${id}, for which there are options, got ${options.cloud?.join(',')}. Add it.`
      )
    )
  }
  const asked = options.cloud ?? (ofFlags.length > 0 ? ofFlags : undefined)
  const asker = isAsking ? openAsker() : undefined
  try {
    const chosen = asked ?? (asker === undefined ? withoutCloud() : await askClouds(asker))
    const names = environmentNames(options.environment, chosen)
    const answers = ids
      .filter(id => chosen.includes(id))
      .map(cloud => ({
        cloud,
        name: names[cloud] ?? options.environment,
        given: givenFor(cloud, program.opts()),
        zillizProject: options.zillizProject
      }))
    const lines = answers.flatMap(each => mistakesOf(writtenEnvironment(each)).map(({ line }) => line))
    if (lines.length > 0) throw new MistakesError([...new Set(lines)])
    const complete: WrittenEnvironment[] = []
    for (const each of answers) {
      complete.push(writtenEnvironment(asker === undefined ? each : await askMissing(asker, each)))
    }
    return complete
  } finally {
    asker?.close()
  }
}

/** One cloud, and so an environment of the given name, where there is no terminal to ask on. */
function withoutCloud(): readonly CloudId[] {
  const others = allClouds.filter(({ id }) => id !== defaultCloud)
  console.log(
    `No cloud is given, so the environment is for ${cloudOf(defaultCloud).title}. For ${others.map(({ title, id }) => `${title}, run init again with --cloud ${id}`).join('; for ')}.`
  )
  return [defaultCloud]
}

/** @returns the exit status */
async function installAndSynthesize(folder: string, isReady: boolean, interruption: Interruption): Promise<number> {
  const run = (program: string, words: readonly string[]) =>
    execa(program, words, {
      cwd: folder,
      stdio: ['ignore', 'inherit', 'inherit'],
      reject: false,
      cancelSignal: interruption.signal
    })
  const goOn = shell`cd ${folder} && npm install && npm run synth`
  console.log('\nnpm install')
  const install = await run('npm', ['install', '--no-audit', '--no-fund'])
  if (interruption.signal.aborted) {
    console.error(
      `init: stopped by ${interruption.by()}. ${folder} is written, but its packages are not. To go on: ${goOn}`
    )
    return interrupted(interruption) ?? exitStatus.failure
  }
  if (install.failed) {
    const why = install.code === 'ENOENT' ? 'npm is not on the PATH' : `npm install ended with ${install.exitCode}`
    console.error(`init: ${why}. ${folder} is written, but its packages are not installed. To go on: ${goOn}`)
    return exitStatus.failure
  }
  console.log('\nsynth')
  const [node = '', ...words] = appCommand
  const synth = await run(node, words)
  if (interruption.signal.aborted) {
    console.error(
      `init: stopped by ${interruption.by()}. ${folder} is complete. To go on: ${shell`cd ${folder} && npm run synth`}`
    )
    return interrupted(interruption) ?? exitStatus.failure
  }
  if (!synth.failed) console.log(`wrote ${join(folder, 'cdktf.out')}`)
  // With placeholders, synth has to fail: it has printed what to replace.
  return synth.failed && isReady ? exitStatus.failure : exitStatus.success
}

function interrupted({ by }: Interruption): number | undefined {
  const signal = by()
  return signal === undefined ? undefined : exitCodeAfter(signal)
}

interface Progress {
  readonly isReady: boolean
  readonly isInstalled: boolean
}

function nextSteps(folder: string, environment: string, { isReady, isInstalled }: Progress): readonly string[] {
  return [
    ...(resolve(folder) === process.cwd() ? [] : [shell`cd ${folder}`]),
    ...(isInstalled ? [] : ['npm install']),
    ...(isReady ? [] : [`replace the placeholders in environments/, then run npm run synth`]),
    shell`npm run deploy -- ${environment}`
  ]
}

await runCommand(program)
