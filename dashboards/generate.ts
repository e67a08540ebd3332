import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command, InvalidArgumentError } from 'commander'
import { generated } from './generated.ts'
import { settings } from './settings.ts'

interface Flags {
  readonly runbooks: string
  readonly grafana?: string
  readonly out: string
}

/** The exit status after invalid arguments. */
const wrongUse = 2

const { out, ...chosen } = new Command('dashboards')
  .description('Writes the boards, the rules and the tables in runbooks.')
  .option('--runbooks <url>', 'URL of the runbooks', readUrl, settings.runbooks)
  .option('--grafana <url>', "URL of Grafana, for a link from each alert to its target's board", readUrl)
  .option('--out <directory>', 'write the files to this directory', 'dashboards')
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : wrongUse))
  .parse()
  .opts<Flags>()

for (const [name, text] of Object.entries(generated({ ...settings, ...chosen }))) {
  const file = join(out, name)
  mkdirSync(join(file, '..'), { recursive: true })
  writeFileSync(file, text)
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
