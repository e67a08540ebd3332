import { join } from 'node:path'
import { execa } from 'execa'
import { expect, test } from 'vitest'

/** How each command is used wrongly, apart from what its own tests do. */
const wrongly: readonly (readonly [command: string, words: readonly string[]])[] = [
  ['probe/server.ts', ['--bogus']],
  ['probe/server.ts', ['--config']],
  ['probe/server.ts', ['config.json']],
  ['probe/doctor/doctor.ts', ['--bogus']],
  ['probe/doctor/doctor.ts', ['--config']],
  ['probe/doctor/doctor.ts', ['one', 'two']],
  ['modules/links/links.ts', ['--bogus', 'dev']],
  ['modules/links/links.ts', []],
  ['modules/links/links.ts', ['dev', 'prod']],
  ['modules/links/links.ts', ['dev', '--outputs']],
  ['modules/deploy/deploy.ts', ['dev', '--wait-minutes']],
  ['dashboards/generate.ts', ['--bogus']],
  ['dashboards/generate.ts', ['--runbooks', 'not-a-url']],
  ['dashboards/generate.ts', ['--grafana', 'grafana.example.com']]
]

const run = (command: string, words: readonly string[]) =>
  execa(process.execPath, ['--disable-warning=DEP0044', command, ...words], {
    cwd: join(import.meta.dirname, '..'),
    env: { ZILLIZCLOUD_API_KEY: 'none' },
    reject: false
  })

test.for(wrongly)('%s ends with 2 after wrong use: %j', async ([command, words]) => {
  const { exitCode, stdout, stderr } = await run(command, words)
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
  expect(stderr).toMatch(/^error: .+/)
  expect(stderr).not.toMatch(/\n {4}at /)
})

test.for([
  'probe/server.ts',
  'probe/doctor/doctor.ts',
  'modules/links/links.ts',
  'modules/deploy/deploy.ts',
  'dashboards/generate.ts'
])('%s ends with 0 after it printed its help', async command => {
  const { exitCode, stdout, stderr } = await run(command, ['--help'])
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
  expect(stdout).toMatch(/^Usage: /)
})
