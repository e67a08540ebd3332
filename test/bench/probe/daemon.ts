import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
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
  readonly scrape: () => Promise<{ readonly gzip: Buffer; readonly ms: number }>
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

/** The text of a scrape; unpacked only where it is read, so that nothing else is measured with the next one. */
export const decompress = async (gzip: Buffer) => (await promisify(gunzip)(gzip)).toString()

/** Asks over a bare socket, since Node's own client takes longer for a request now and then than the daemon for its answer. */
async function getGzip(path: string): Promise<{ readonly gzip: Buffer; readonly ms: number }> {
  const socket = connect(address.port, address.host)
  await once(socket, 'connect')
  const start = performance.now()
  socket.write(`GET ${path} HTTP/1.1\r\nHost: ${address.host}\r\nAccept-Encoding: gzip\r\nConnection: close\r\n\r\n`)
  const reply = await buffer(socket)
  return { ms: performance.now() - start, gzip: reply.subarray(reply.indexOf('\r\n\r\n') + 4) }
}

/** Starts it by the command of `npm start`, without npm, and tells by how much its timers are late. */
async function startAsNpmDoes(flags: readonly string[]): Promise<ChildProcess> {
  const start = await commandOf('start')
  const env = {
    ...process.env,
    PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
    NODE_OPTIONS: `--import=${join(import.meta.dirname, 'stall.ts')}`
  }
  return spawn('sh', ['-c', `${start} "$@"`, 'sh', ...flags], {
    cwd: root,
    env,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc']
  })
}

async function commandOf(script: string): Promise<string> {
  const { scripts } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
  return scripts[script]
}

/** What `npm start` tells Node of its memory, for others that are measured in the daemon's place. */
export async function nodeFlags(): Promise<readonly string[]> {
  return (await commandOf('start')).split(' ').filter(word => word.startsWith('--'))
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
  const scrape = () => getGzip('/metrics')
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
      const text = await decompress(last?.gzip ?? Buffer.alloc(0))
      const healthy = text.match(/privatelink_case\{target="[^"]+",case="healthy"\} 1/g)?.length
      if (healthy !== count) throw new Error(`only ${healthy ?? 0} of ${count} targets are healthy`)
      return {
        cpuShare,
        scrapeMs: { median: median(ms), most: Math.max(...ms) },
        scrapeMegabytes: { text: text.length / 1e6, gzip: (last?.gzip.length ?? 0) / 1e6 },
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
