import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { type NewFile, writeFolder } from '../../../modules/cli/init/folder.ts'

async function temporary(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'folder-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

const { signal } = new AbortController()
const unreadable = new Map<string, NewFile>([
  ['a/b.txt', 'b'],
  ['c.txt', { copyOf: '/nowhere/c.txt' }]
])

test('writes all files of a folder, in folders that it makes', async () => {
  const parent = await temporary()
  await writeFolder(join(parent, 'x/y'), new Map([['a/b.txt', 'b']]), signal)
  expect(await readdir(join(parent, 'x/y/a'))).toEqual(['b.txt'])
})

test('leaves no folder that it made if a file cannot be written', async () => {
  const parent = await temporary()
  await expect(writeFolder(join(parent, 'x/y'), unreadable, signal)).rejects.toThrow('ENOENT')
  expect(await readdir(parent)).toEqual([])
})

test('leaves an empty folder empty if a file cannot be written', async () => {
  const parent = await temporary()
  await mkdir(join(parent, 'x'))
  await expect(writeFolder(join(parent, 'x'), unreadable, signal)).rejects.toThrow('ENOENT')
  expect(await readdir(join(parent, 'x'))).toEqual([])
})

test('leaves nothing if it is stopped', async () => {
  const parent = await temporary()
  const stopped = AbortSignal.abort(new Error('stopped'))
  await expect(writeFolder(join(parent, 'x'), new Map([['a', 'a']]), stopped)).rejects.toThrow('stopped')
  expect(await readdir(parent)).toEqual([])
})
