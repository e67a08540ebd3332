import { execa } from 'execa'
import { beforeAll, describe, expect, onTestFinished } from 'vitest'
import { projectFiles } from '../../modules/cli/init/project-files.ts'
import { processesIn, standInsFor, testEnvironment } from '../modules/deploy/program.ts'
import { awsLink } from '../modules/literals.ts'
import { host } from '../support/evidence.ts'
import { ctrlC, openTerminal } from '../support/terminal.ts'
import { testWith } from '../support/test-with.ts'
import { cdktf, installed, type Packed, pack } from './installed.ts'

let packed: Packed
beforeAll(async () => {
  packed = await pack()
})

const test = testWith('procfs', 'script')
const patience = { timeout: 60_000, interval: 50 }
const listening = /Server listening at (http:[^"]+)/
const words = ['--no-install', 'zilliz-privatelink']

const isServed = (url: string) =>
  fetch(`${url}/healthz`).then(
    ({ ok }) => ok,
    () => false
  )

/** The project of a user, whose program has the environment `test`. */
const project = (link: object) => ({
  'package.json': '{ "type": "module" }',
  'cdktf.json':
    '{ "language": "typescript", "app": "node main.js", "projectId": "links", "sendCrashReports": "false" }',
  'main.js': `import { synthesizeEnvironments } from 'zilliz-privatelink/environment'
synthesizeEnvironments([${JSON.stringify(testEnvironment(link))}])`
})

/** Ends the process group of its own that it leads, whatever is left in it. */
function endsWithTest({ pid = 0 }: { readonly pid?: number | undefined }): void {
  onTestFinished(() => {
    try {
      process.kill(-pid, 'SIGKILL')
    } catch {
      // There is none any more.
    }
  })
}

describe('npx that runs the probe', () => {
  // By SIGINT to npx alone, nothing ends: npm hands it on to a shell, which waits for the command.
  for (const signal of ['SIGTERM', 'SIGHUP', 'SIGKILL'] as const) {
    test(`leaves nothing that holds the port when ${signal} ends it`, async () => {
      const app = await installed(packed, { 'package.json': '{}' })
      const npx = execa('npx', [...words, 'probe', '--port', '0', `https://${host}:19531`], {
        cwd: app,
        reject: false,
        detached: true
      })
      endsWithTest(npx)
      let log = ''
      npx.stdout.on('data', text => {
        log += text
      })
      await expect.poll(() => log, patience).toMatch(listening)
      const [, url = ''] = listening.exec(log) ?? []
      expect(await isServed(url)).toBe(true)
      npx.kill(signal)
      // Its output is closed when the last process has ended that has it.
      await npx
      expect(log).toContain('"msg":"closed"')
      expect(await isServed(url)).toBe(false)
      expect(processesIn(app)).toEqual([])
    })
  }

  test('closes in order at Ctrl-C in a terminal', async () => {
    const app = await installed(packed, { 'package.json': '{}' })
    const terminal = openTerminal(`npx ${words.join(' ')} probe --port 0 https://${host}:19531`, { cwd: app })
    await terminal.shows(listening)
    const [, url = ''] = listening.exec(terminal.shown()) ?? []
    terminal.type(ctrlC)
    await terminal.shows('"msg":"closed"')
    expect(await isServed(url)).toBe(false)
    await expect.poll(() => processesIn(app), patience).toEqual([])
  })
})

describe('npm that runs a script of a new project', () => {
  testWith('terraform', 'procfs')(
    'passes SIGTERM on, waits until Terraform has completed what it has begun, and ends as interrupted',
    async () => {
      const dependency = { spec: '0.1.0' }
      const scripts = projectFiles({ folderName: 'links', environments: [], dependency }).get('package.json')
      const files = { ...project(awsLink), 'package.json': String(scripts) }
      const app = await installed(packed, files, { ...cdktf, 'cdktn-cli': undefined })
      const { env, gate, inState, isLocked } = await standInsFor(app)
      gate.shut()
      const words = ['run', 'deploy', '--', 'test', '--auto-approve', '--skip-provider-lock']
      const npm = execa('npm', words, { cwd: app, env, stdin: 'ignore', all: true, reject: false, detached: true })
      endsWithTest(npm)
      let printed = ''
      npm.all.on('data', text => {
        printed += text
      })
      await gate.isReached()
      npm.kill('SIGTERM')
      await expect.poll(() => printed, patience).toContain('Interrupt received')
      gate.open()
      expect(await npm).toMatchObject({ exitCode: 143 })
      expect([processesIn(app), isLocked()]).toEqual([[], false])
      expect(inState()).not.toEqual([])
      expect(inState()).not.toContain('aws_vpc_endpoint')
    }
  )
})

describe('npx that runs Terraform', () => {
  for (const { command, signal } of [
    { command: 'deploy', signal: 'SIGTERM' },
    { command: 'deploy', signal: 'SIGKILL' },
    { command: 'destroy', signal: 'SIGHUP' }
  ] as const) {
    testWith('terraform', 'procfs')(
      `leaves no process and no lock when ${signal} ends it during ${command}: Terraform completes what it has begun`,
      async () => {
        const app = await installed(packed, project(awsLink), { ...cdktf, 'cdktn-cli': undefined })
        const { env, gate, inState, isLeft, isLocked } = await standInsFor(app)
        const start = (command: string) =>
          execa('npx', [...words, command, 'test', '--auto-approve', '--skip-provider-lock'], {
            cwd: app,
            env,
            stdin: 'ignore',
            all: true,
            reject: false,
            detached: true
          })
        if (command === 'destroy') expect((await start('deploy')).exitCode).toBe(0)
        const before = inState().length
        gate.shut()
        const npx = start(command)
        endsWithTest(npx)
        let printed = ''
        npx.all.on('data', text => {
          printed += text
        })
        await gate.isReached()
        expect(isLocked()).toBe(true)
        npx.kill(signal)
        await expect.poll(() => printed, patience).toContain('Interrupt received')
        gate.open()
        await isLeft()
        await npx
        expect(printed).not.toContain('Two interrupts received')
        expect(isLocked()).toBe(false)
        // Some of it, and not all.
        expect(inState()).not.toEqual([])
        expect(inState().length).not.toBe(before)
        expect(inState().includes('aws_vpc_endpoint')).toBe(command === 'destroy')
      }
    )
  }
})
