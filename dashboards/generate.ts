import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command, InvalidArgumentError } from 'commander'
import { generated } from './generated.ts'
import { settings } from './settings.ts'

interface Flags {
  readonly runbooks: string
  readonly grafana?: string
  readonly out: string
  readonly check?: true
}

/** The exit status after invalid arguments. */
const wrongUse = 2

const { out, check, ...chosen } = new Command('dashboards')
  .description('Writes the boards, the rules and the tables in runbooks.')
  .option('--runbooks <url>', 'URL of the runbooks', readUrl, settings.runbooks)
  .option('--grafana <url>', "URL of Grafana, for a link from each alert to its target's board", readUrl)
  .option('--out <directory>', 'write the files to this directory', 'dashboards')
  .option('--check', 'write nothing; exit with 1 if a file in the directory differs, and name it')
  .addHelpText('after', '\nExit status: 0, 1 if --check finds a difference, 2 for invalid arguments.')
  .showHelpAfterError('For the options, add --help.')
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : wrongUse))
  .parse()
  .opts<Flags>()

for (const [name, text] of Object.entries(generated({ ...settings, ...chosen }))) {
  const file = join(out, name)
  if (check) {
    const isThere = existsSync(file)
    if (isThere && readFileSync(file, 'utf8') === text) continue
    console.error(
      `${file}: ${isThere ? 'differs from what these options and this version make' : 'is missing'}. Run the command without --check.`
    )
    process.exitCode = 1
  } else {
    mkdirSync(join(file, '..'), { recursive: true })
    writeFileSync(file, text)
  }
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
