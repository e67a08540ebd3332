import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { InvalidArgumentError } from 'commander'
import { createCommand, runCommand } from '../probe/command/command.ts'
import { exitStatus, exitStatusHelp } from '../probe/command/exit-status.ts'
import { generated } from './generated.ts'
import { settings } from './settings.ts'

interface Flags {
  readonly runbooks: string
  readonly grafana?: string
  readonly out: string
  readonly check?: true
}

const program = createCommand('dashboards')
  .usage('[options]')
  .description('Writes Prometheus rules, Grafana boards and runbooks to a folder.')
  .option('--runbooks <url>', 'URL of the runbooks', readUrl, settings.runbooks)
  .option('--grafana <url>', "URL of Grafana, for a link from each alert to its target's board", readUrl)
  .option('--out <directory>', 'write the files to this directory', 'dashboards')
  .option('--check', 'write nothing, and name each file in the directory that differs')
  .addHelpText('after', exitStatusHelp({ success: 'written, or no difference', failure: '--check finds a difference' }))
  .action((flags: Flags) => {
    process.exitCode = write(flags)
  })

await runCommand(program)

function write({ out, check, ...chosen }: Flags): number {
  const files = Object.entries(generated({ ...settings, ...chosen })).map(([name, text]) => ({
    file: join(out, name),
    text
  }))
  if (check) {
    const differences = files.flatMap(({ file, text }) => {
      if (!existsSync(file)) return [`${file}: is missing`]
      return readFileSync(file, 'utf8') === text
        ? []
        : [`${file}: differs from what these options and this version make`]
    })
    for (const difference of differences) {
      console.error(`dashboards: ${difference}. Run the command without --check.`)
    }
    return differences.length === 0 ? exitStatus.success : exitStatus.failure
  }
  for (const { file, text } of files) {
    mkdirSync(join(file, '..'), { recursive: true })
    writeFileSync(file, text)
  }
  return exitStatus.success
}

/**
 * A URL without the slash at its end. A Prometheus template stands for a URL that only Prometheus knows.
 *
 * @throws InvalidArgumentError if it is neither
 */
function readUrl(given: string): string {
  const isUrl = /^https?:/.test(given) && URL.canParse(given)
  if (!isUrl && !/^\{\{.+\}\}/.test(given)) {
    throw new InvalidArgumentError('Give a URL that begins with http:// or https://, or with {{ $externalURL }}.')
  }
  return given.replace(/\/+$/, '')
}
