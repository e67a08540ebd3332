import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import type { OwnHardware } from '../causes/question.ts'
import { canonicalAddress } from '../facts/address.ts'
import { escapeProse } from '../facts/escape.ts'

/** Containers do not share the kernel of macOS. Clouds have Macs as well, but their metadata service has been asked by then. */
const mac: OwnHardware = { maker: 'Apple', isVirtual: false, hasDevice: true }

/**
 * What the system tells of the hardware under this machine: Linux in files, which containers see as well, but with no device of their own.
 * It is read if no metadata service answers.
 *
 * @param addresses those that packets to the host leave from
 * @param root of the file system
 * @returns `undefined` where there are no such files
 */
export async function readOwnHardware(
  addresses: readonly string[],
  root = '/',
  platform: NodeJS.Platform = process.platform
): Promise<OwnHardware | undefined> {
  if (platform === 'darwin') return mac
  const [maker, processors] = await Promise.all([
    textOf(join(root, 'sys/class/dmi/id/sys_vendor')),
    textOf(join(root, 'proc/cpuinfo'))
  ])
  if (maker === undefined && processors === undefined) return undefined
  const flags = /^flags\s*:(.*)$/m.exec(processors ?? '')?.[1]
  const own = Object.entries(networkInterfaces()).filter(([, all]) =>
    all?.some(({ address }) => addresses.includes(canonicalAddress(address)))
  )
  return {
    maker: maker === undefined ? undefined : escapeProse(maker.trim(), 100),
    // Processors other than x86 have no such flag, and do not tell.
    isVirtual: flags === undefined ? undefined : /\bhypervisor\b/.test(flags),
    hasDevice: own.length > 0 && own.every(([name]) => existsSync(join(root, 'sys/class/net', name, 'device')))
  }
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'syscall' in error) return undefined
    throw error
  }
}
