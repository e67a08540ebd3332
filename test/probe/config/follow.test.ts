import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import type { Config } from '../../../probe/config/config.ts'
import { followConfig } from '../../../probe/config/follow.ts'

const text = (intervalSeconds: number) =>
  JSON.stringify({ targets: [], resolvers: [{ name: 'vpc', address: '10.0.0.2' }], intervalSeconds })

async function makeDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'probe-follow-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  return directory
}

/** Follows a file, and remembers what became of it. The poll is for tests that want it. */
async function follow(file: string, pollMs = 3_600_000) {
  const applied: Config['intervalSeconds'][] = []
  const refused: string[][] = []
  const following = await followConfig(
    { file },
    {
      apply: async ({ config }) => {
        applied.push(config.intervalSeconds)
      },
      refuse: mistakes => refused.push(mistakes.map(line => line.replace(file, '')))
    },
    { pollMs }
  )
  onTestFinished(following.close)
  return { applied, refused, following }
}

test('a file written anew is applied once, and the same again not at all', async () => {
  const file = join(await makeDirectory(), 'config.json')
  await writeFile(file, text(5))
  const { applied, refused } = await follow(file)
  expect(applied).toEqual([5])
  await writeFile(file, text(6))
  await expect.poll(() => applied, { timeout: 20_000 }).toEqual([5, 6])
  await writeFile(file, text(6))
  await sleep(500)
  expect([applied, refused]).toEqual([[5, 6], []])
})

test('a bad file is refused, and a good one after it applied', async () => {
  const file = join(await makeDirectory(), 'config.json')
  await writeFile(file, text(5))
  const { applied, refused } = await follow(file)
  await writeFile(file, '{')
  await expect.poll(() => refused.length, { timeout: 20_000 }).toBe(1)
  expect(refused[0]?.[0]).toMatch(/^: line 1, column 2: is not JSON: /)
  await rm(file)
  await expect.poll(() => refused.length, { timeout: 20_000 }).toBe(2)
  expect(refused[1]?.[0]).toMatch(/^: cannot be read \(ENOENT\)/)
  await writeFile(file, text(5))
  await expect.poll(() => applied, { timeout: 20_000 }).toEqual([5, 5])
})

test("Kubernetes' swap of a link is a change", async () => {
  const directory = await makeDirectory()
  for (const [name, seconds] of [
    ['..2026_01', 5],
    ['..2026_02', 6]
  ] as const) {
    await mkdir(join(directory, name))
    await writeFile(join(directory, name, 'config.json'), text(seconds))
  }
  await symlink('..2026_01', join(directory, '..data'))
  await symlink('..data/config.json', join(directory, 'config.json'))
  const { applied } = await follow(join(directory, 'config.json'))
  await symlink('..2026_02', join(directory, '..data_tmp'))
  await rename(join(directory, '..data_tmp'), join(directory, '..data'))
  await expect.poll(() => applied, { timeout: 20_000 }).toEqual([5, 6])
})

test('a change of which no event tells is found by looking', async () => {
  const directory = await makeDirectory()
  const [behind, file] = [join(directory, 'behind', 'config.json'), join(directory, 'config.json')]
  await mkdir(join(directory, 'behind'))
  await writeFile(behind, text(5))
  await symlink(behind, file)
  const { applied } = await follow(file, 50)
  await writeFile(behind, text(6))
  await expect.poll(() => applied, { timeout: 20_000 }).toEqual([5, 6])
})

test('a first file with mistakes is thrown, and nothing is followed after closing', async () => {
  const file = join(await makeDirectory(), 'config.json')
  await writeFile(file, '{}')
  await expect(follow(file)).rejects.toThrow('targets: is missing. Give a list.')
  await writeFile(file, text(5))
  const { applied, following } = await follow(file, 50)
  await following.close()
  await writeFile(file, text(6))
  await sleep(500)
  expect(applied).toEqual([5])
})
