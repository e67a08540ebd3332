import { Resolver } from 'node:dns/promises'
import { expect } from 'vitest'
import type { ScriptedResolver } from './resolver.ts'

let marks = 0

/** How many queries a resolver was sent until now. What is sent is read in its order, so one of our own is waited for. */
export async function sentTo({ resolver, queries }: ScriptedResolver): Promise<number> {
  marks += 1
  const mark = `mark-${marks}.example`
  const dns = new Resolver({ timeout: 100, tries: 1 })
  dns.setServers([`${resolver.address}:${resolver.port}`])
  await dns.resolve4(mark).catch(() => {})
  await expect.poll(() => queries.some(({ name }) => name === mark), { timeout: 10_000 }).toBe(true)
  return queries.filter(({ name }) => !name.startsWith('mark-')).length
}
