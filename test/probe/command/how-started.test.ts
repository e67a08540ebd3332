import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { shell } from '../../../probe/clouds/shell.ts'
import { commandLine, howStarted, programLine } from '../../../probe/command/how-started.ts'

const words = shell`${'prod'} --outputs-file ${'my outputs.json'}`
const deploy = { command: 'deploy', words } as const

/** A project whose scripts start commands of the package under names of its own. */
async function project() {
  const folder = await mkdtemp(join(tmpdir(), 'project-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const file = join(folder, 'package.json')
  const scripts = {
    start: 'node app.js',
    'deploy:dev': 'zilliz-privatelink deploy dev',
    ship: 'exec zilliz-privatelink deploy'
  }
  await writeFile(file, JSON.stringify({ scripts }))
  return { folder, file }
}

describe('a command is printed as it can be pasted:', () => {
  test('the script of this repository, where a file of it was started', () => {
    const started = howStarted('/anywhere/probe/doctor/doctor.ts', { npm_lifecycle_event: 'npx', npm_command: 'exec' })
    expect(commandLine(deploy, started)).toBe("npm run deploy -- prod --outputs-file 'my outputs.json'")
    expect(commandLine({ command: 'probe' }, started)).toBe('npm run start')
  })

  test("the script of the user's project that runs the command and nothing else, where a script started it", async () => {
    const { file } = await project()
    const started = howStarted('zilliz-privatelink links', {
      npm_lifecycle_event: 'links',
      npm_command: 'run-script',
      npm_package_json: file,
      npm_config_user_agent: 'npm/11'
    })
    expect(commandLine(deploy, started)).toBe("npm run ship -- prod --outputs-file 'my outputs.json'")
  })

  test('npx, for a command that no script of the project runs', async () => {
    const { file } = await project()
    const started = howStarted('zilliz-privatelink deploy', { npm_lifecycle_event: 'ship', npm_package_json: file })
    expect(commandLine({ command: 'probe', words: shell`--help` }, started)).toBe('npx zilliz-privatelink probe --help')
  })

  test('npx, where npx started it, whatever scripts and commands there are', async () => {
    const { folder, file } = await project()
    await writeFile(join(folder, 'zilliz-privatelink'), '')
    await chmod(join(folder, 'zilliz-privatelink'), 0o755)
    const started = howStarted('zilliz-privatelink doctor', {
      npm_lifecycle_event: 'npx',
      npm_command: 'exec',
      npm_package_json: file,
      PATH: folder
    })
    expect(commandLine(deploy, started)).toBe("npx zilliz-privatelink deploy prod --outputs-file 'my outputs.json'")
    expect(programLine(shell`--help`, started)).toBe('npx zilliz-privatelink --help')
  })

  test('npx with its package, where npx was given one', () => {
    const started = howStarted('zilliz-privatelink doctor', { npm_command: 'exec', npm_config_package: './a b.tgz' })
    expect(commandLine({ command: 'doctor' }, started)).toBe("npx --package './a b.tgz' zilliz-privatelink doctor")
  })

  test('its name alone, where it is on the path', async () => {
    const { folder } = await project()
    await writeFile(join(folder, 'zilliz-privatelink'), '')
    await chmod(join(folder, 'zilliz-privatelink'), 0o755)
    const started = howStarted('zilliz-privatelink doctor', { PATH: `/nowhere:${folder}` })
    expect(commandLine(deploy, started)).toBe("zilliz-privatelink deploy prod --outputs-file 'my outputs.json'")
  })

  test('npx, where its file was started and it is not on the path', () => {
    const started = howStarted('zilliz-privatelink doctor', { PATH: '/nowhere' })
    expect(commandLine({ command: 'doctor' }, started)).toBe('npx zilliz-privatelink doctor')
  })

  test('the executable as it was called, and npx for a command that it does not have', () => {
    const started = howStarted(process.execPath, { PATH: '/nowhere' })
    expect(commandLine({ command: 'doctor', words: shell`--help` }, started)).toBe(shell`${process.argv0} --help`)
    expect(commandLine(deploy, started)).toBe("npx zilliz-privatelink deploy prod --outputs-file 'my outputs.json'")
  })
})
