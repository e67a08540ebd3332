import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { type IncomingMessage, request } from 'node:http'
import { dirname, join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { cpuSecondsOf, median, residentMegabytes } from './cpu.ts'
import { targets } from './link.ts'

/** The probe as it is run, watching so many targets. */
export interface Daemon extends AsyncDisposable {
  /** Watches it for so long while all goes on. */
  readonly watch: (seconds: number) => Promise<Load>
  /** Scrapes it as Prometheus does, which asks for gzip; `ms` are those from the request to the last octet. */
  readonly scrape: () => Promise<{ readonly text: string; readonly bytes: number; readonly ms: number }>
}

/** What a daemon takes. */
export interface Load {
  /** Of one core. */
  readonly cpuShare: number
  readonly scrapeMs: { readonly median: number; readonly most: number }
  readonly scrapeMegabytes: { readonly text: number; readonly gzip: number }
  readonly stallMs: { readonly p99: number; readonly most: number }
  readonly residentMegabytes: { readonly now: number; readonly most: number }
}

const root = join(import.meta.dirname, '../../..')
const address = { host: '127.0.0.1', port: 9815 }

const decompress = promisify(gunzip)

/** A request whose reply is taken as it comes; what the client makes of it costs the daemon nothing. */
async function getGzip(path: string): Promise<Buffer> {
  const call = request({ ...address, path, headers: { 'accept-encoding': 'gzip' } }).end()
  const [reply] = (await once(call, 'response')) as [IncomingMessage]
  return buffer(reply)
}

/** Starts it by the command of `npm start`, without npm, and tells by how much its timers are late. */
async function startAsNpmDoes(flags: readonly string[]): Promise<ChildProcess> {
  const start = await commandOf('start')
  const env = {
    ...process.env,
    PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
    NODE_OPTIONS: `--import=${join(import.meta.dirname, 'stall.ts')}`
  }
  return spawn('sh', ['-c', `exec env ${start} "$@"`, 'sh', ...flags], {
    cwd: root,
    env,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc']
  })
}

async function commandOf(script: string): Promise<string> {
  const { scripts } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
  return scripts[script]
}

/** Starts it once, to no end but that its compile cache is there: every start but the first finds it. */
export async function warmUp(): Promise<void> {
  const child = await startAsNpmDoes(['--schema'])
  await once(child, 'exit')
}

/** Starts it with the config's own defaults, and waits until every target has had a round. */
export async function startDaemon(directory: string, caFile: string, count: number): Promise<Daemon> {
  const file = join(directory, `config-${count}.json`)
  await writeFile(file, JSON.stringify({ targets: targets(count), caFile, allowLoopback: true, listen: address }))
  const child = await startAsNpmDoes(['--config', file])
  const { pid } = child
  if (pid === undefined) throw new Error('the probe does not start')
  const get = (path: string) => fetch(`http://${address.host}:${address.port}${path}`)
  const scrape = async () => {
    const start = performance.now()
    const gzip = await getGzip('/metrics')
    const ms = performance.now() - start
    return { text: (await decompress(gzip)).toString(), bytes: gzip.length, ms }
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
      const ms = []
      let last: Awaited<ReturnType<Daemon['scrape']>> | undefined
      while (performance.now() - start < seconds * 1000) {
        await sleep(1000)
        last = await scrape()
        ms.push(last.ms)
      }
      const passed = (performance.now() - start) / 1000
      const cpuShare = ((await cpuSecondsOf(pid)) - before) / passed
      const healthy = last?.text.match(/privatelink_case\{target="[^"]+",case="healthy"\} 1/g)?.length
      if (healthy !== count) throw new Error(`only ${healthy ?? 0} of ${count} targets are healthy`)
      return {
        cpuShare,
        scrapeMs: { median: median(ms), most: Math.max(...ms) },
        scrapeMegabytes: { text: (last?.text.length ?? 0) / 1e6, gzip: (last?.bytes ?? 0) / 1e6 },
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
