import { describe, expect } from 'vitest'
import { testWith } from '../../support/test-with.ts'
import { byApi, cluster, program } from '../deploy/program.ts'
import { awsLink } from '../literals.ts'
import { awsHost, zillizProject as projectId } from '../world.ts'

const test = testWith('terraform')
describe('a deploy that waits', () => {
  test('goes on by itself once Zilliz Cloud has allocated the link, and shows where it is', {
    timeout: 240_000
  }, async () => {
    const { aws, zilliz, asked, deploy } = await program(byApi)
    zilliz.allocation = 'pending'
    const done = deploy('--wait', '--wait-minutes', '1')
    // Looked at twice: to see whether there is something to wait for, and as the first look of the waiting.
    await expect.poll(() => asked.filter(path => path.includes(cluster)).length, { timeout: 110_000 }).toBe(2)
    zilliz.allocation = 'done'
    const { exitCode, told, key } = await done
    expect(told).toContain(`has not allocated the private link of ${cluster} yet`)
    expect(told).toContain(
      'waiting for Zilliz Cloud to allocate private links, which takes about 5 minutes, for a minute at most'
    )
    expect(told).toContain('RUNNING, private link not allocated after 0 s')
    expect(told).toContain(`${cluster}: ${awsHost}:19531`)
    expect(exitCode).toBe(0)
    expect(aws.resolve(awsLink.vpcId, awsHost).kind).toBe('addresses')
    expect(told).not.toContain(key)
  })

  test('ends when the time is over, and all that was made stays', async () => {
    const { aws, zilliz, deploy } = await program(byApi)
    zilliz.allocation = 'pending'
    const { exitCode, told } = await deploy('--wait', '--wait-minutes', '0.05')
    expect(told).toContain(
      `Zilliz Cloud has not allocated the private link of ${cluster}. All that was made stays. Deploy again later. For the reason, run: npm run links -- <environment>`
    )
    expect(exitCode).toBe(1)
    expect(aws.vpcEndpoints.size).toBe(1)
    expect(zilliz.endpoints).toHaveLength(1)
  })

  test('waits for nothing when the deploy failed for another reason', async () => {
    const { zilliz, deploy } = await program({ ...byApi, subnetIds: ['subnet-0a1b2c3d4e5f607ff'] })
    zilliz.allocation = 'pending'
    const { exitCode, told } = await deploy('--wait')
    expect(exitCode).toBe(1)
    expect(told).not.toContain('waiting for Zilliz Cloud')
  })
})

describe('a wrong use ends before anything is made', () => {
  for (const { when, words, key, told } of [
    {
      when: 'there is no key',
      words: ['test'],
      key: '',
      told: 'deploy: ZILLIZCLOUD_API_KEY is not set. Create a key on the API Keys page of the Zilliz Cloud console, and set the variable to it.'
    },
    {
      when: 'there is no such environment',
      words: ['tset', '--wait', '--wait-minutes', '0'],
      told: 'deploy: there is no environment "tset". Did you mean test? deploy: --wait-minutes: must be a number above 0, up to 1440, got "0"'
    },
    {
      when: 'the time to wait is none',
      words: ['test', '--wait', '--wait-minutes', 'soon'],
      told: 'deploy: --wait-minutes: must be a number above 0, up to 1440, got "soon"'
    }
  ]) {
    test(`where ${when}`, async () => {
      const { run, aws } = await program(byApi)
      const ended = await run(words, key)
      expect([ended.exitCode, ended.told.trim()]).toEqual([2, told])
      expect(aws.calls).toEqual([])
    })
  }
})

test('a deploy says which endpoint was registered in the console, and what to do', { timeout: 240_000 }, async () => {
  const { aws, zilliz, deploy, write } = await program({ ...awsLink, hosts: [] })
  expect((await deploy()).exitCode).toBe(0)
  const [endpointId = ''] = aws.vpcEndpoints.keys()
  zilliz.endpoints.push({ projectId, regionId: 'aws-us-west-2', endpointId, gcpProjectId: undefined })
  await write(byApi)
  const { exitCode, told } = await deploy()
  expect(exitCode).toBe(1)
  expect(told).toContain(
    `test: links.search: ${endpointId} is registered with ${projectId} already, by somebody in the console, and is not registered twice. Write registered: true in its zilliz to leave that as it is and have the hosts read, or delete its entry in the console, where clients lose their connections until the next deploy has registered it again.`
  )
  await write({ ...byApi, zilliz: { ...byApi.zilliz, registered: true } })
  expect((await deploy()).exitCode).toBe(0)
  expect(aws.resolve(awsLink.vpcId, awsHost).kind).toBe('addresses')
})
