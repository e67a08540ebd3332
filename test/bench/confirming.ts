import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { execa } from 'execa'
import { z } from 'zod'
import { type Fault, faults } from '../lab/faults.ts'
import { labTools, openLab } from '../lab/lab.ts'
import { spawnIn } from '../lab/namespace.ts'
import { hasTool, toInstall } from '../support/tools.ts'
import { machine, median } from './probe/cpu.ts'

/**
 * How long it takes from a fault until the probe has confirmed it, with its shipped intervals. The probe watches one host under several
 * names, whose turns are spread over the interval: the fault comes at another moment for each.
 */
const targets = 10
const watched: readonly Fault['name'][] = [
  "the endpoint's security group lets nobody in, or it was not accepted",
  'the private zone is not associated with the network',
  'nothing listens on the port',
  'one availability zone is dead',
  'queries to the resolver are dropped',
  'libc asks a resolver that does not see the zone'
]
const Reply = z.object({
  targets: z.array(
    z.object({ state: z.string(), confirmed: z.boolean(), case: z.string(), findings: z.array(z.string()) })
  )
})

const missing = labTools.filter(tool => !hasTool(tool))
if (missing.length > 0) {
  for (const tool of missing) console.error(toInstall(tool))
  process.exitCode = 2
} else {
  console.log(`${targets} targets each, with the shipped settings. ${machine()}.\n`)
  console.log('| fault | case or finding | median | most |\n|---|---|---:|---:|')
  await using lab = await openLab()
  const directory = await mkdtemp(join(tmpdir(), 'confirming-'))
  const names = process.argv.slice(2)
  for (const name of watched.filter((_, index) => names.length === 0 || names.includes(String(index)))) {
    const fault = faults.find(each => each.name === name)
    if (fault === undefined) throw new Error(`the lab has no fault "${name}"`)
    const { target, resolvers: _ } = lab.state
    const all = Array.from({ length: targets }, (_, index) => ({ ...target, name: `lab/search/in01-${index}` }))
    await writeFile(join(directory, 'ca.pem'), lab.ca)
    const config = join(directory, 'config.json')
    await writeFile(config, JSON.stringify({ targets: all, caFile: join(directory, 'ca.pem') }))
    const server = spawnIn(lab.client, [process.execPath, 'probe/server.ts', '--config', config])
    server.stdout?.resume()
    server.stderr?.resume()
    const read = async () => {
      const inside = ['netns', 'exec', lab.client.name, 'curl', '-sS', '--max-time', '5']
      const { stdout } = await execa('ip', [...inside, 'http://127.0.0.1:9815/api/targets'], { reject: false })
      return stdout === '' ? [] : Reply.parse(JSON.parse(stdout)).targets
    }
    const until = async (test: (targets: Awaited<ReturnType<typeof read>>) => boolean) => {
      for (const start = Date.now(); !test(await read()); await sleep(200)) {
        if (Date.now() - start > 180_000) throw new Error(`nothing comes of "${name}"`)
      }
    }
    await until(seen => seen.length === targets && seen.every(({ state }) => state === 'healthy'))
    await sleep(15_000)
    const start = Date.now()
    await lab.set(fault.set(lab.state, lab.identities))
    const took: number[] = Array.from({ length: targets }, () => 0)
    let is = ''
    await until(seen => {
      seen.forEach(({ state, confirmed, ...each }, index) => {
        if (took[index] !== 0 || !confirmed || state === 'healthy') return
        took[index] = (Date.now() - start) / 1000
        is = each.case === 'healthy' ? each.findings.join() : each.case
      })
      return took.every(seconds => seconds > 0)
    })
    console.log(`| ${name} | ${is} | ${median(took).toFixed(1)} s | ${Math.max(...took).toFixed(1)} s |`)
    server.kill('SIGKILL')
    await once(server, 'exit')
    await lab.heal()
  }
  await rm(directory, { recursive: true })
}
