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
  .description('Writes boards, rules and the tables in runbooks.')
  .option('--runbooks <url>', 'where the runbooks are read', settings.runbooks)
  .option('--grafana <url>', "where Grafana is, for a link from an alert to its target's board")
  .option('--out <directory>', 'write there', 'dashboards')
  .parse()
  .opts<Flags>()

for (const [name, text] of Object.entries(generated({ ...settings, ...chosen }))) {
  const file = join(out, name)
  mkdirSync(join(file, '..'), { recursive: true })
  writeFileSync(file, text)
}
