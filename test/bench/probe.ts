import { once } from 'node:events'
import { join } from 'node:path'
import { deleteNamespace, deleteOrphans, makeNamespace, spawnIn, writeEtc } from '../lab/namespace.ts'
import { hasTool, type Tool, toInstall } from '../support/tools.ts'

const needed: readonly Tool[] = ['namespaces', 'ip', 'blackbox']
const missing = needed.filter(tool => !hasTool(tool))

if (missing.length > 0) {
  for (const tool of missing) console.error(toInstall(tool))
  process.exitCode = 2
} else {
  // A network of its own: nothing but loopback, and a resolv.conf that leads libc there as well.
  await deleteOrphans()
  const namespace = await makeNamespace('bench', 'all')
  try {
    await writeEtc(namespace, 'resolv.conf', 'nameserver 127.0.0.1\n')
    await writeEtc(namespace, 'hosts', '127.0.0.1 localhost\n')
    const child = spawnIn(namespace, [process.execPath, join(import.meta.dirname, 'probe/compare.ts')])
    process.once('SIGINT', () => child.kill())
    child.stdout?.pipe(process.stdout)
    child.stderr?.pipe(process.stderr)
    const [code] = await once(child, 'close')
    process.exitCode = code ?? 1
  } finally {
    await deleteNamespace(namespace)
  }
}
