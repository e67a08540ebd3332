import { fork } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { cpuSecondsOf, median, residentMegabytes } from './cpu.ts'
import { targets } from './link.ts'

/** The probe as it is run, watching so many targets. */
export interface Daemon extends AsyncDisposable {
  /** Watches it for so long while all goes on. */
  readonly watch: (seconds: number) => Promise<Load>
  readonly scrape: () => Promise<{ readonly text: string; readonly ms: number }>
}

/** What a daemon takes. */
export interface Load {
  /** Of one core. */
  readonly cpuShare: number
  readonly scrapeMs: { readonly median: number; readonly most: number }
  readonly scrapeMegabytes: number
  readonly stallMs: { readonly p99: number; readonly most: number }
  readonly residentMegabytes: { readonly now: number; readonly most: number }
}

const probe = join(import.meta.dirname, '../../../probe/server.ts')
const address = { host: '127.0.0.1', port: 9815 }

/** Starts it with the config's own defaults, and waits until every target has had a round. */
export async function startDaemon(directory: string, caFile: string, count: number): Promise<Daemon> {
  const file = join(directory, `config-${count}.json`)
  await writeFile(file, JSON.stringify({ targets: targets(count), caFile, allowLoopback: true, listen: address }))
  const child = fork(probe, ['--config', file], {
    execArgv: ['--import', join(import.meta.dirname, 'stall.ts')],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc']
  })
  const { pid } = child
  if (pid === undefined) throw new Error('the probe does not start')
  const get = (path: string) => fetch(`http://${address.host}:${address.port}${path}`)
  const scrape = async () => {
    const start = performance.now()
    const text = await (await get('/metrics')).text()
    return { text, ms: performance.now() - start }
  }
  const stall = async () => {
    const [told] = await Promise.all([once(child, 'message'), child.send('stall')])
    return told[0] as Load['stallMs']
  }
  for (let times = 0; ; times++) {
    const ready = await get('/readyz').then(
      ({ ok }) => ok,
      () => false
    )
    if (ready) break
    if (times === 120) throw new Error('the probe does not become ready')
    await sleep(250)
  }
  return {
    scrape,
    watch: async seconds => {
      await stall()
      const before = await cpuSecondsOf(pid)
      const start = performance.now()
      const scrapes = []
      while (performance.now() - start < seconds * 1000) {
        await sleep(1000)
        scrapes.push(await scrape())
      }
      const passed = (performance.now() - start) / 1000
      const cpuShare = ((await cpuSecondsOf(pid)) - before) / passed
      const ms = scrapes.map(each => each.ms)
      const healthy = scrapes.at(-1)?.text.match(/privatelink_case\{target="[^"]+",case="healthy"\} 1/g)?.length
      if (healthy !== count) throw new Error(`only ${healthy ?? 0} of ${count} targets are healthy`)
      return {
        cpuShare,
        scrapeMs: { median: median(ms), most: Math.max(...ms) },
        scrapeMegabytes: (scrapes.at(-1)?.text.length ?? 0) / 1e6,
        stallMs: await stall(),
        residentMegabytes: await residentMegabytes(pid)
      }
    },
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill('SIGTERM')
      const timer = setTimeout(() => child.kill('SIGKILL'), 10_000)
      await once(child, 'exit')
      clearTimeout(timer)
    }
  }
}
