import { describe, expect, test } from 'vitest'
import type { OwnMachine } from '../../../probe/causes/question.ts'
import { elsewhereBy } from '../../../probe/inquiries/elsewhere.ts'
import { ownAddressesTowards } from '../../../probe/inquiries/whereabouts.ts'
import { awsTarget } from '../../support/evidence.ts'

const vpcId = 'vpc-0a1b2c3d4e5f60718'
const target = { ...awsTarget, vpcId }
const machine: OwnMachine = {
  cloud: 'aws',
  account: '123456789012',
  region: 'us-west-2',
  zone: 'us-west-2a',
  network: vpcId,
  id: undefined
}

describe('a machine', () => {
  test('is outside the network of a link if its cloud is another one', () => {
    expect(elsewhereBy({ ...machine, cloud: 'gcp', network: 'a/b' }, target)).toEqual({
      ruling: 'confirmed',
      text: 'this machine is on Google Cloud, and the link is on AWS',
      about: []
    })
  })

  test('is outside if its metadata service names another network', () => {
    expect(elsewhereBy({ ...machine, network: 'vpc-0ffffffffffffffff' }, target)).toMatchObject({
      ruling: 'confirmed',
      text: `this machine is in vpc-0ffffffffffffffff, and the link is in ${vpcId}`
    })
  })

  test('is inside if it names the same', () => {
    expect(elsewhereBy(machine, target).ruling).toBe('ruled-out')
  })

  test('may be anywhere if nothing names the one or the other', () => {
    const { vpcId: _, ...bare } = target
    expect(elsewhereBy(undefined, target)).toMatchObject({ ruling: 'not-known' })
    expect(elsewhereBy({ ...machine, network: undefined }, target)).toMatchObject({ ruling: 'not-known' })
    expect(elsewhereBy(machine, bare)).toMatchObject({ ruling: 'not-known' })
  })

  test('that names its network in an unprintable way does no harm to a terminal', () => {
    expect(elsewhereBy({ ...machine, network: 'vpc-\u001b[2J' }, target)).toMatchObject({
      text: `this machine is in vpc-\\u{1b}[2J, and the link is in ${vpcId}`
    })
  })

  test('sends packets from the address that the kernel chooses for where they go', async () => {
    expect(await ownAddressesTowards(['127.0.0.1'])).toEqual(['127.0.0.1'])
    expect(await ownAddressesTowards(['127.0.0.1', '127.0.0.5'])).toEqual(['127.0.0.1'])
  })

  test('has all its own addresses where the host has none, and no loopback among them', async () => {
    const addresses = await ownAddressesTowards([])
    expect(addresses).not.toContain('127.0.0.1')
    expect(addresses).not.toContain('::1')
  })
})
