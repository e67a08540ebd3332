import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command } from 'commander'
import { generated } from './generated.ts'
import { settings } from './settings.ts'

interface Flags {
  readonly runbooks: string
  readonly grafana?: string
  readonly out: string
}

const { out, ...chosen } = new Command('dashboards')
  .description('Writes the boards, the rules and the tables in runbooks.')
  .option('--runbooks <url>', 'URL of the runbooks', settings.runbooks)
  .option('--grafana <url>', "URL of Grafana, for a link from each alert to its target's board")
  .option('--out <directory>', 'write the files to this directory', 'dashboards')
  .parse()
  .opts<Flags>()

for (const [name, text] of Object.entries(generated({ ...settings, ...chosen }))) {
  const file = join(out, name)
  mkdirSync(join(file, '..'), { recursive: true })
  writeFileSync(file, text)
}
