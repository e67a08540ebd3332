import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { describe, expect } from 'vitest'
import { ctrlC, openTerminal } from '../../support/terminal.ts'
import { testWith } from '../../support/test-with.ts'
import { byApi, program, reportedBy } from './program.ts'

const test = testWith('terraform', 'procfs', 'script')
const flags = '-- test --skip-provider-lock'
const applied = 'Terraform completes what it has begun, then releases the lock of the state.'

/** Starts an npm script of it as a supervisor does, without a terminal. */
const start = (script: string, { directory, env }: { directory: string; env: Record<string, string> }) =>
  execa('npm', ['run', script, '--', 'test', '--skip-provider-lock', '--auto-approve'], {
    cwd: directory,
    env,
    stdin: 'ignore',
    all: true,
    reject: false,
    forceKillAfterDelay: false
  })

describe('while Terraform applies,', () => {
  test('Ctrl-C lets it complete what it has begun, and ends the deploy with 130', async () => {
    const { gate, inState, isLeft, isLocked, directory, env } = await program(byApi)
    gate.shut()
    const terminal = openTerminal(`npm run deploy ${flags} --auto-approve --wait`, { cwd: directory, env })
    await gate.isReached()
    terminal.type(ctrlC)
    await terminal.shows(applied)
    await terminal.shows('Interrupt received')
    expect(isLocked()).toBe(true)
    gate.open()
    expect(await terminal.ended).toBe(130)
    expect(inState()).toContain('aws_security_group')
    expect(inState()).not.toContain('aws_vpc_endpoint')
    expect(isLocked()).toBe(false)
    await isLeft()
    expect(reportedBy(terminal.shown())).not.toMatch(/Two interrupts received|waiting for Zilliz Cloud/)
  })

  test('SIGTERM to npm alone does as well, and ends the deploy with 143', async () => {
    const made = await program(byApi)
    made.gate.shut()
    const child = start('deploy', made)
    await made.gate.isReached()
    child.kill('SIGTERM')
    await expect.poll(made.isLocked).toBe(true)
    child.kill('SIGTERM')
    made.gate.open()
    const { exitCode, all } = await child
    expect(exitCode).toBe(143)
    expect(reportedBy(all)).toContain(applied)
    expect(reportedBy(all)).not.toContain('Two interrupts received')
    expect(made.inState()).toContain('aws_security_group')
    expect(made.inState()).not.toContain('aws_vpc_endpoint')
    expect(made.isLocked()).toBe(false)
    await made.isLeft()
  })

  test('a closed terminal does as well', async () => {
    const { gate, inState, isLeft, isLocked, directory, env } = await program(byApi)
    gate.shut()
    const terminal = openTerminal(`npm run deploy ${flags} --auto-approve`, { cwd: directory, env })
    await gate.isReached()
    terminal.hangUp()
    await terminal.ended
    gate.open()
    await isLeft()
    expect(inState()).toContain('aws_security_group')
    expect(inState()).not.toContain('aws_vpc_endpoint')
    expect(isLocked()).toBe(false)
  })

  test('the end of cdktn by another hand does as well, with 137', async () => {
    const made = await program(byApi)
    made.gate.shut()
    const child = start('deploy', made)
    await made.gate.isReached()
    await made.kill(/cdktn deploy test/, 'SIGKILL')
    made.gate.open()
    expect((await child).exitCode).toBe(137)
    expect(made.inState()).toContain('aws_security_group')
    expect(made.isLocked()).toBe(false)
    await made.isLeft()
  })
})

test('while Terraform destroys, a signal lets it complete what it has begun', async () => {
  const made = await program({ ...byApi, zilliz: { ...byApi.zilliz, clusters: [] } })
  expect((await made.deploy()).exitCode).toBe(0)
  const before = made.inState().length
  made.gate.shut()
  const child = start('destroy', made)
  await made.gate.isReached()
  child.kill('SIGTERM')
  await expect.poll(made.isLocked).toBe(true)
  made.gate.open()
  expect((await child).exitCode).toBe(143)
  expect(made.inState().length).toBeLessThan(before)
  expect(made.inState().length).toBeGreaterThan(0)
  expect(made.isLocked()).toBe(false)
  await made.isLeft()
})

describe('while a person is asked,', () => {
  test('Ctrl-C declines the plan, which ends the deploy with 1', async () => {
    const { inState, isLeft, isLocked, directory, env } = await program(byApi)
    const terminal = openTerminal(`npm run deploy ${flags}`, { cwd: directory, env })
    await terminal.shows('Please review the diff output above')
    terminal.type(ctrlC)
    expect(await terminal.ended).toBe(1)
    expect(inState()).toEqual([])
    expect(isLocked()).toBe(false)
    await isLeft()
  })

  test('SIGTERM to npm ends the deploy with 143, and nothing is applied', async () => {
    const { inState, isLeft, isLocked, kill, directory, env } = await program(byApi)
    const terminal = openTerminal(`npm run deploy ${flags}`, { cwd: directory, env })
    await terminal.shows('Please review the diff output above')
    await kill(/^npm run deploy/, 'SIGTERM')
    expect(await terminal.ended).toBe(143)
    expect(inState()).toEqual([])
    expect(isLocked()).toBe(false)
    await isLeft()
  })
})

test('a signal before Terraform begins lets none begin', async () => {
  const made = await program(byApi)
  const [reached, go] = [join(made.directory, 'reached'), join(made.directory, 'go')]
  const wait = `
    import { existsSync, writeFileSync } from 'node:fs'
    if (process.env.CDKTF_OUTDIR !== undefined) {
      writeFileSync(${JSON.stringify(reached)}, '')
      while (!existsSync(${JSON.stringify(go)})) await new Promise(resolve => setTimeout(resolve, 50))
    }`
  await made.write(byApi, wait)
  const child = start('deploy', made)
  await expect.poll(() => existsSync(reached), { timeout: 60_000 }).toBe(true)
  child.kill('SIGTERM')
  writeFileSync(go, '')
  expect((await child).exitCode).toBe(143)
  expect(made.aws.calls).toEqual([])
  await made.isLeft()
})
