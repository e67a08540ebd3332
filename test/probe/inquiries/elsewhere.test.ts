import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { OwnMachine } from '../../../probe/causes/question.ts'
import { elsewhereBy } from '../../../probe/inquiries/elsewhere.ts'
import { readOwnHardware } from '../../../probe/inquiries/own-hardware.ts'
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
    expect(elsewhereBy({ machine: { ...machine, cloud: 'gcp', network: 'a/b' } }, target)).toEqual({
      ruling: 'confirmed',
      text: 'this machine is on Google Cloud, and the link is on AWS',
      about: []
    })
  })

  test('is outside if its metadata service names another network', () => {
    expect(elsewhereBy({ machine: { ...machine, network: 'vpc-0ffffffffffffffff' } }, target)).toMatchObject({
      ruling: 'confirmed',
      text: `this machine is in vpc-0ffffffffffffffff, and the link is in ${vpcId}`
    })
  })

  test('is inside if it names the same', () => {
    expect(elsewhereBy({ machine }, target).ruling).toBe('ruled-out')
  })

  test('may be anywhere if nothing names the one or the other', () => {
    const { vpcId: _, ...bare } = target
    expect(elsewhereBy({ machine: undefined }, target)).toMatchObject({ ruling: 'not-known' })
    expect(elsewhereBy({ machine: { ...machine, network: undefined } }, target)).toMatchObject({ ruling: 'not-known' })
    expect(elsewhereBy({ machine }, bare)).toMatchObject({ ruling: 'not-known' })
  })

  test('that names its network in an unprintable way does no harm to a terminal', () => {
    expect(elsewhereBy({ machine: { ...machine, network: 'vpc-\u001b[2J' } }, target)).toMatchObject({
      text: `this machine is in vpc-\\u{1b}[2J, and the link is in ${vpcId}`
    })
  })

  test('is outside if it is a computer that is in no cloud, and not if it may be a machine of one or a container', () => {
    const laptop = { maker: 'LENOVO', isVirtual: false, hasDevice: true }
    expect(elsewhereBy({ machine: undefined, hardware: laptop }, target)).toEqual({
      ruling: 'confirmed',
      text: 'this machine is a computer of LENOVO, and in no cloud',
      about: []
    })
    for (const other of [
      { ...laptop, hasDevice: false },
      { ...laptop, isVirtual: true },
      { ...laptop, isVirtual: undefined },
      { ...laptop, maker: undefined },
      { ...laptop, maker: 'Amazon EC2' },
      { ...laptop, maker: 'Google' }
    ]) {
      expect(elsewhereBy({ machine: undefined, hardware: other }, target).ruling).toBe('not-known')
    }
    expect(elsewhereBy({ machine, hardware: laptop }, target).ruling).toBe('ruled-out')
  })

  test.for([
    {
      when: 'a laptop',
      vendor: 'LENOVO\n',
      flags: 'flags\t\t: fpu vme sse2',
      device: true,
      is: { maker: 'LENOVO', isVirtual: false, hasDevice: true }
    },
    {
      when: 'a container on an instance',
      vendor: 'Amazon EC2\n',
      flags: 'flags\t\t: fpu hypervisor sse2',
      device: false,
      is: { maker: 'Amazon EC2', isVirtual: true, hasDevice: false }
    },
    {
      when: 'a machine whose processor does not tell',
      vendor: undefined,
      flags: 'Features\t: fp asimd',
      device: true,
      is: { maker: undefined, isVirtual: undefined, hasDevice: true }
    }
  ])('reads its hardware from the files of Linux: $when', async ({ vendor, flags, device, is }) => {
    const root = await mkdtemp(join(tmpdir(), 'hardware-'))
    onTestFinished(() => rm(root, { recursive: true, force: true }))
    await mkdir(join(root, 'proc'), { recursive: true })
    await writeFile(join(root, 'proc/cpuinfo'), `processor\t: 0\n${flags}\n`)
    await mkdir(join(root, 'sys/class/dmi/id'), { recursive: true })
    if (vendor !== undefined) await writeFile(join(root, 'sys/class/dmi/id/sys_vendor'), vendor)
    await mkdir(join(root, 'sys/class/net/lo', device ? 'device' : ''), { recursive: true })
    expect(await readOwnHardware(['127.0.0.1'], root)).toEqual(is)
  })

  test('is a computer of Apple where it runs macOS', async () => {
    const hardware = await readOwnHardware(['127.0.0.1'], '/nonexistent', 'darwin')
    expect(elsewhereBy({ machine: undefined, hardware }, target)).toEqual({
      ruling: 'confirmed',
      text: 'this machine is a computer of Apple, and in no cloud',
      about: []
    })
    expect(elsewhereBy({ machine, hardware }, target).ruling).toBe('ruled-out')
  })

  test('says nothing of its hardware where Linux has no such files', async () => {
    expect(await readOwnHardware(['127.0.0.1'], '/nonexistent')).toBeUndefined()
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
