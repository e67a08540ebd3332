import { Resolver } from 'node:dns/promises'
import { expect } from 'vitest'
import type { ScriptedResolver } from './resolver.ts'

let marks = 0

/**
 * How many queries a resolver was sent until now. What is sent is read in its order, so one of our own is waited for; it is sent again
 * while it is not there, for a resolver with much to read may lose it.
 */
export async function sentTo({ resolver, queries }: ScriptedResolver): Promise<number> {
  marks += 1
  const mark = `mark-${marks}.example`
  const dns = new Resolver({ timeout: 100, tries: 1 })
  dns.setServers([`${resolver.address}:${resolver.port}`])
  const isRead = async () => {
    await dns.resolve4(mark).catch(() => {})
    return queries.some(({ name }) => name === mark)
  }
  await expect.poll(isRead, { timeout: 10_000 }).toBe(true)
  return queries.filter(({ name }) => !name.startsWith('mark-')).length
}
