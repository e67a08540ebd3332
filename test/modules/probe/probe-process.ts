import { expect, onTestFinished } from 'vitest'
import { z } from 'zod'
import { deleteNamespace, deleteOrphans, makeNamespace, run, writeEtc } from '../../lab/namespace.ts'
import { startProbe } from '../../support/probe.ts'

const Targets = z.object({ targets: z.array(z.object({ name: z.string() })) })

/**
 * Starts a real probe as a deploy tells its container to, on a host that reaches nobody, and waits until it has looked at
 * every target once.
 *
 * @param words the container's own, behind those of the image
 * @returns the names of the targets that it watches, and how many probes it says that there should be
 */
export async function watchedBy(env: Readonly<Record<string, string>>, words: readonly string[] = []) {
  await deleteOrphans()
  const namespace = await makeNamespace('deployed', 'probe')
  onTestFinished(() => deleteNamespace(namespace))
  await writeEtc(namespace, 'resolv.conf', 'nameserver 127.0.0.1\n')
  const inside = ['ip', 'netns', 'exec', namespace.name]
  const probe = startProbe(words, { env, through: inside })
  await probe.logged('Server listening')
  const [program = '', ...rest] = [...inside, 'curl', '--silent', '--fail', '--max-time', '5']
  const get = (path: string) => run(program, ...rest, `http://127.0.0.1:${env.PROBE_PORT}${path}`)
  await expect.poll(() => get('/readyz').then(Boolean, () => false), { timeout: 20_000 }).toBe(true)
  const { targets } = Targets.parse(JSON.parse(await get('/api/targets')))
  const [, probesExpected] = /^privatelink_probes_expected (.*)$/m.exec(await get('/metrics')) ?? []
  return { targets: targets.map(({ name }) => name), probesExpected }
}
