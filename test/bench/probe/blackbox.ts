import { spawn } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { cpuSecondsOf } from './cpu.ts'
import { port, targets } from './link.ts'

/** Debian's prometheus-blackbox-exporter at work. */
export interface Blackbox extends Disposable {
  /** So many rounds of its three modules, one after the other: seconds of processor time. */
  readonly rounds: (count: number) => Promise<number>
}

const listen = '127.0.0.1:9115'

/** Starts it with modules that together look as deep as a round does: A, TCP and TLS, HTTP over TLS. */
export async function startBlackbox(directory: string, caFile: string): Promise<Blackbox> {
  const [target] = targets(1)
  const host = target?.host ?? ''
  const tls = { ca_file: caFile, server_name: host }
  const config = {
    modules: {
      dns: { prober: 'dns', dns: { query_name: host, query_type: 'A', preferred_ip_protocol: 'ip4' } },
      tcp: { prober: 'tcp', tcp: { tls: true, tls_config: tls, preferred_ip_protocol: 'ip4' } },
      http: {
        prober: 'http',
        http: { valid_status_codes: [400], tls_config: tls, headers: { Host: host }, preferred_ip_protocol: 'ip4' }
      }
    }
  }
  const file = join(directory, 'blackbox.yml')
  await writeFile(file, JSON.stringify(config))
  const child = spawn('prometheus-blackbox-exporter', [`--config.file=${file}`, `--web.listen-address=${listen}`], {
    stdio: ['ignore', 'ignore', 'pipe']
  })
  let words = ''
  child.stderr.on('data', chunk => {
    words = `${words}${chunk}`.slice(-2000)
  })
  const { pid } = child
  if (pid === undefined) throw new Error('prometheus-blackbox-exporter does not start')

  const probe = async (module: string, at: string) => {
    const reply = await fetch(`http://${listen}/probe?module=${module}&target=${encodeURIComponent(at)}`)
    const text = await reply.text()
    if (!/^probe_success 1$/m.test(text)) throw new Error(`blackbox's module ${module} fails:\n${text}\n${words}`)
  }
  for (let times = 0; times < 50; times++) {
    const up = await fetch(`http://${listen}/-/healthy`).then(
      ({ ok }) => ok,
      () => false
    )
    if (up) break
    await sleep(100)
  }
  return {
    rounds: async count => {
      const before = await cpuSecondsOf(pid)
      for (let times = 0; times < count; times++) {
        await probe('dns', '127.0.0.1:53')
        await probe('tcp', `127.0.0.1:${port}`)
        await probe('http', `https://127.0.0.1:${port}/`)
      }
      return (await cpuSecondsOf(pid)) - before
    },
    [Symbol.dispose]: () => void child.kill('SIGKILL')
  }
}
