import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { createLibcLookups } from '../../../probe/observers/libc-lookups.ts'
import { testWith } from '../../support/test-with.ts'

const program = join(import.meta.dirname, '../../support/libc-process.ts')

test('a lookup is made in a process of its own, which is started when it is needed and ends with it', async () => {
  const bugs: unknown[] = []
  const lookups = createLibcLookups(bug => bugs.push(bug))
  const seen = await lookups.lookUp('localhost')
  expect(seen).toMatchObject({ layer: 'dns', kind: 'answer' })
  await lookups.close()
  expect(await lookups.lookUp('localhost')).toBeUndefined()
  expect(bugs).toEqual([])
})

testWith('namespaces', 'ip')(
  'hosts whose lookups hang hold up no other host, and fail when glibc gives up, or when the process is ended',
  async () => {
    const directory = await mkdtemp(join(tmpdir(), 'probe-libc-'))
    onTestFinished(() => rm(directory, { recursive: true }))
    const resolvConf = join(directory, 'resolv.conf')
    await writeFile(resolvConf, 'nameserver 127.0.0.1\n')
    const script = 'ip link set lo up && mount --bind "$0" /etc/resolv.conf && exec "$1" "$2"'
    const words = ['--net', '--mount', 'sh', '-c', script, resolvConf, process.execPath, program]
    const { stdout } = await promisify(execFile)('unshare', words, { timeout: 60_000 })
    const results = JSON.parse(stdout) as [string, unknown][]
    expect(results.slice(0, 3)).toEqual([
      ['full', false],
      ['full', true],
      ['good.example', 'answer']
    ])
    const silent = results.filter(([host]) => host.startsWith('silent'))
    expect(new Set(silent.slice(0, -2).map(([, kind]) => kind))).toEqual(new Set(['temporary-failure']))
    expect(results.slice(-3).map(([, kind]) => kind)).toEqual(['answer', 'nothing', 'nothing'])
  },
  90_000
)
