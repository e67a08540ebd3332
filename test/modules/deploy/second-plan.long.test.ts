import { describe, expect } from 'vitest'
import { ctrlC, openTerminal } from '../../support/terminal.ts'
import { testWith } from '../../support/test-with.ts'
import { awsLink } from '../literals.ts'
import { awsHost } from '../world.ts'
import { byApi, cluster, program, reportedBy } from './program.ts'

const test = testWith('terraform', 'procfs', 'script')
const approve = '\r'
/** Two deploys, one after the other. */
const patienceMs = 240_000
const question = 'Please review the diff output above'
/** An environment that lets more clients in than the first plan showed. */
const more = { ...byApi, sources: ['10.20.0.0/16', '10.99.0.0/16'] }
const rule = /aws_vpc_security_group_ingress_rule\.\S+ .*\["10\.99\.0\.0\/16"\]: create/

/** Waits until a deploy waits for Zilliz Cloud. */
const isWaiting = ({ asked }: { readonly asked: readonly string[] }) =>
  expect.poll(() => asked.filter(path => path.includes(cluster)).length, { timeout: 90_000 }).toBe(2)

describe('after it has waited, a deploy', () => {
  test('asks nobody again about what the first plan showed', { timeout: patienceMs }, async () => {
    const made = await program(byApi)
    made.zilliz.allocation = 'pending'
    const terminal = openTerminal('npm run deploy -- test --skip-provider-lock --wait', {
      cwd: made.directory,
      env: made.env
    })
    await terminal.shows(question)
    terminal.type(approve)
    await isWaiting(made)
    made.zilliz.allocation = 'done'
    expect(await terminal.ended).toBe(0)
    expect(made.aws.resolve(awsLink.vpcId, awsHost).kind).toBe('addresses')
    expect(reportedBy(terminal.shown())).not.toContain('the first one did not show')
  })

  test('asks again if the environment has changed meanwhile, and applies nothing if that is declined', {
    timeout: patienceMs
  }, async () => {
    const made = await program(byApi)
    made.zilliz.allocation = 'pending'
    const terminal = openTerminal('npm run deploy -- test --skip-provider-lock --wait', {
      cwd: made.directory,
      env: made.env
    })
    await terminal.shows(question)
    terminal.type(approve)
    await isWaiting(made)
    const before = made.inState()
    await made.write(more)
    made.zilliz.allocation = 'done'
    await terminal.shows('This plan has changes that the first one did not show')
    await terminal.shows(/did not show[\s\S]*Please review the diff output above/)
    terminal.type(ctrlC)
    expect(await terminal.ended).toBe(1)
    expect(reportedBy(terminal.shown())).toMatch(rule)
    expect(made.inState()).toEqual(before)
  })

  test('stops there if no person has seen the first plan either', { timeout: patienceMs }, async () => {
    const made = await program(byApi)
    made.zilliz.allocation = 'pending'
    const done = made.deploy('--wait')
    await isWaiting(made)
    const before = made.inState()
    await made.write(more)
    made.zilliz.allocation = 'done'
    const { exitCode, told } = await done
    expect(exitCode).toBe(1)
    expect(told).toMatch(rule)
    expect(told).toContain('Nothing of this plan is applied. Review the changes, then deploy again.')
    expect(made.inState()).toEqual(before)
  })
})

describe('a deploy waits for nothing', () => {
  test('while another one has the state locked, although its cluster is pending', { timeout: patienceMs }, async () => {
    const made = await program(byApi)
    made.zilliz.allocation = 'pending'
    made.zilliz.endpoints.push({
      projectId: byApi.zilliz.projectId,
      regionId: 'aws-us-west-2',
      endpointId: 'vpce-0a1b2c3d4e5f60718',
      gcpProjectId: undefined
    })
    made.gate.shut()
    const first = made.deploy()
    await made.gate.isReached()
    const { exitCode, told } = await made.deploy('--wait')
    expect(exitCode).toBe(1)
    expect(told).toContain('Error acquiring the state lock')
    expect(told).not.toContain('waiting for Zilliz Cloud')
    expect(made.asked.filter(path => path.includes(cluster))).toEqual([])
    made.gate.open()
    await first
  })
})

test('Ctrl-C while it waits ends the deploy with 130, and all that was made stays', async () => {
  const made = await program(byApi)
  made.zilliz.allocation = 'pending'
  const terminal = openTerminal('npm run deploy -- test --skip-provider-lock --wait --auto-approve', {
    cwd: made.directory,
    env: made.env
  })
  await isWaiting(made)
  terminal.type(ctrlC)
  expect(await terminal.ended).toBe(130)
  expect(reportedBy(terminal.shown())).toContain(
    'SIGINT: stopped waiting. All that was made stays. Deploy again to go on.'
  )
  expect(made.inState()).toContain('aws_vpc_endpoint')
  await made.isLeft()
})
