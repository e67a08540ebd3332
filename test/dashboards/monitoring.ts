import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { execa } from 'execa'
import { parse, stringify } from 'yaml'
import { z } from 'zod'
import { generated } from '../../dashboards/generated.ts'
import { type Settings, settings } from '../../dashboards/settings.ts'
import type { Config } from '../../probe/config/config.ts'
import { type Namespace, spawnIn } from '../lab/namespace.ts'

const Alert = z.object({
  status: z.enum(['firing', 'resolved']),
  labels: z.record(z.string(), z.string()),
  annotations: z.record(z.string(), z.string())
})

const Notification = z.object({
  path: z.string(),
  at: z.number(),
  body: z.object({
    status: z.enum(['firing', 'resolved']),
    groupKey: z.string(),
    alerts: z.array(Alert)
  })
})
/** What Alertmanager sends to a receiver. */
export type Notification = z.output<typeof Notification>

/** The probe, Prometheus, Alertmanager and somebody who is woken, all on one host. */
export interface Monitoring extends AsyncDisposable {
  /** Everything that was sent until now. */
  readonly notifications: readonly Notification[]
  readonly startProbe: () => Promise<void>
  readonly killProbe: () => Promise<void>
  /** Gives the probe another config, which it takes by itself. */
  readonly configure: (config: z.input<typeof Config>) => Promise<void>
  /** Starts another Prometheus on this port, with the same rules and these jobs, and tells nobody of its alerts. */
  readonly alongside: (port: number, jobs: readonly object[]) => Promise<Pick<Monitoring, 'ask'> & AsyncDisposable>
  /** Asks an API of Prometheus, and gives its `data`. */
  readonly ask: (path: string, query: Readonly<Record<string, string>>) => Promise<unknown>
  /** Tells Alertmanager of alerts that no rule has made, by their labels. */
  readonly raise: (...alerts: readonly Readonly<Record<string, string>>[]) => Promise<void>
  /** What a client on the same host reads at an address. */
  readonly get: (url: string) => Promise<string>
}

/** Durations of a test, where those that are shipped would take minutes. */
export interface Pace {
  readonly settings: Settings
  readonly probeSeconds: number
  /** Milliseconds that the probe waits for what is silent. @default - as long as a client */
  readonly patienceMs?: number
  /** Seconds that Alertmanager waits before it tells of a new group, and of a change of one. */
  readonly groupWait: number
  readonly groupInterval: number
}

/** As it is shipped. */
export const shippedPace: Pace = { settings, probeSeconds: 10, groupWait: 5, groupInterval: 60 }

/** Ten times as fast: one second where ten are shipped. */
export const fastPace: Pace = {
  settings: { ...settings, evaluationSeconds: 1, keepFiringSeconds: 8, runbooks: '{{ $externalURL }}/user/runbooks' },
  probeSeconds: 1,
  patienceMs: 1000,
  groupWait: 1,
  groupInterval: 3
}

/** The probe's config, and the authority in PEM that it trusts. */
type Watched = z.input<typeof Config> & { readonly ca: string }

/** Starts all of it in a namespace, by the examples of dashboards/. */
export async function startMonitoring(
  namespace: Namespace,
  { ca, ...config }: Watched,
  pace: Pace
): Promise<Monitoring> {
  await using stack = new AsyncDisposableStack()
  const directory = await mkdtemp(join(tmpdir(), 'monitoring-'))
  stack.defer(() => rm(directory, { recursive: true, force: true }))
  const at = (name: string) => join(directory, name)
  const rules = generated(pace.settings)['generated/rules.yaml'] ?? ''
  await writeFile(at('rules.yaml'), rules)
  await writeFile(at('prometheus.yml'), await prometheusConfig(at('rules.yaml'), pace))
  await writeFile(at('probes.yml'), await readFile('dashboards/examples/probes.yml', 'utf8'))
  await writeFile(at('alertmanager.yml'), await alertmanagerConfig(pace))
  await writeFile(at('ca.pem'), ca)
  const configure = (next: z.input<typeof Config>) => {
    const whole = { ...next, caFile: at('ca.pem'), intervalSeconds: pace.probeSeconds }
    return writeFile(at('config.json'), JSON.stringify(whole))
  }
  await configure(config)

  const stops: (() => Promise<void>)[] = []
  stack.defer(async () => {
    for (const stop of stops.toReversed()) await stop()
  })
  const start = (command: readonly string[], speaks?: 'channel') => {
    const child = spawnIn(namespace, command, speaks)
    child.stdout?.resume()
    child.stderr?.resume()
    const ended = once(child, 'exit')
    const stop = async (signal: NodeJS.Signals) => {
      child.kill(signal)
      await ended
    }
    stops.push(() => stop('SIGKILL'))
    return { child, stop }
  }
  const notifications: Notification[] = []
  const receiver = start([process.execPath, join(import.meta.dirname, 'receiver-process.ts')], 'channel')
  await once(receiver.child, 'message')
  receiver.child.on('message', message => notifications.push(Notification.parse(message)))
  start([
    'prometheus-alertmanager',
    `--config.file=${at('alertmanager.yml')}`,
    `--storage.path=${at('alertmanager')}`,
    '--web.listen-address=127.0.0.1:9093',
    '--cluster.listen-address='
  ])
  const startPrometheus = (name: string, listen: number) =>
    start([
      'prometheus',
      `--config.file=${at(`${name}.yml`)}`,
      `--storage.tsdb.path=${at(name)}`,
      `--web.listen-address=127.0.0.1:${listen}`,
      '--web.user-assets=dashboards'
    ])
  startPrometheus('prometheus', 9090)
  const curl = async (...words: readonly string[]) => {
    const inside = ['netns', 'exec', namespace.name, 'curl', '-sS', '--fail-with-body', '--max-time', '20']
    return (await execa('ip', [...inside, ...words])).stdout
  }
  const get = (url: string) => curl(url)
  const answers = async (url: string) => {
    for (let times = 0; ; times++) {
      if ((await get(url).catch(() => undefined)) !== undefined) return
      if (times === 150) throw new Error(`nothing answers at ${url}`)
      await sleep(100)
    }
  }
  let probe: ReturnType<typeof start> | undefined
  const startProbe = async () => {
    const command =
      pace.patienceMs === undefined
        ? ['probe/server.ts', '--config', at('config.json')]
        : ['test/dashboards/probe-process.ts', at('config.json'), `${pace.patienceMs}`, '9815']
    probe = start([process.execPath, ...command])
    await answers('http://127.0.0.1:9815/readyz')
  }
  await Promise.all([startProbe(), answers('http://127.0.0.1:9090/-/ready'), answers('http://127.0.0.1:9093/-/ready')])
  const askAt = (listen: number) => async (path: string, query: Readonly<Record<string, string>>) => {
    const reply = await get(`http://127.0.0.1:${listen}/api/v1/${path}?${new URLSearchParams(query)}`)
    return z.object({ status: z.literal('success'), data: z.unknown() }).parse(JSON.parse(reply)).data
  }
  const opened = stack.move()
  return {
    notifications,
    startProbe,
    killProbe: async () => probe?.stop('SIGKILL'),
    configure,
    raise: async (...alerts) => {
      const body = JSON.stringify(alerts.map(labels => ({ labels })))
      await curl('--json', body, 'http://127.0.0.1:9093/api/v2/alerts')
    },
    get,
    ask: askAt(9090),
    alongside: async (listen, jobs) => {
      const name = `prometheus-${listen}`
      const { alerting: _, ...config } = parse(await prometheusConfig(at('rules.yaml'), pace))
      await writeFile(at(`${name}.yml`), stringify({ ...config, scrape_configs: jobs }))
      const { stop } = startPrometheus(name, listen)
      await answers(`http://127.0.0.1:${listen}/-/ready`)
      return { ask: askAt(listen), [Symbol.asyncDispose]: () => stop('SIGKILL') }
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync()
  }
}

async function prometheusConfig(rules: string, { settings: { evaluationSeconds } }: Pace): Promise<string> {
  const example = parse(await readFile('dashboards/examples/prometheus.yml', 'utf8'))
  const often = `${evaluationSeconds}s`
  return stringify({
    ...example,
    global: { scrape_interval: often, scrape_timeout: often, evaluation_interval: often },
    rule_files: [rules]
  })
}

async function alertmanagerConfig({ groupWait, groupInterval }: Pace): Promise<string> {
  const example = parse(await readFile('dashboards/examples/alertmanager.yml', 'utf8'))
  const [pages] = example.route.routes
  const often = { group_wait: `${groupWait}s`, group_interval: `${groupInterval}s` }
  return stringify({ ...example, route: { ...example.route, ...often, routes: [{ ...pages, ...often }] } })
}
