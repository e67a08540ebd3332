import { Server } from 'node:https'
import closeWithGrace from 'close-with-grace'
import { Option } from 'commander'
import packageFile from '../package.json' with { type: 'json' }
import { buildApp } from './app.ts'
import { createCommand, runCommand } from './command/command.ts'
import { exitStatusHelp } from './command/exit-status.ts'
import { configJsonSchema, Names } from './config/config.ts'
import { followConfig } from './config/follow.ts'
import { changesForStart, readListening } from './config/listening.ts'
import { readPushing } from './config/pushing.ts'
import { type ConfigSource, loadReferred, readConfig } from './config/source.ts'
import { createDaemon } from './daemon.ts'
import { readOwnPod } from './inquiries/own-pod.ts'
import { keepPushing } from './keep-pushing.ts'
import { listen } from './listen.ts'
import { openLog } from './log.ts'
import { createMetrics } from './metrics/metrics.ts'
import { collectProcessMetrics } from './metrics/process-metrics.ts'
import { secure } from './readers/http-server.ts'
import { shown } from './schema/mistakes.ts'
import { allRead, ConfigError } from './schema/read.ts'

const { version } = packageFile

/** The signals that end the probe in order. */
const ending = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

interface StartOptions {
  readonly config?: string
  readonly outputs?: string
  readonly environment?: string
  readonly host?: string
  readonly port?: string
  readonly names?: string
  readonly schema?: true
}

const program = createCommand('probe')
  .description('Watches private links to Zilliz Cloud, and reports their troubleshooting case.')
  .usage('[options] [private links...]')
  .argument(
    '[private links...]',
    'as Zilliz Cloud prints them: https://in01-….aws-us-west-2.vectordb.zillizcloud.com:19531'
  )
  .version(version)
  .addOption(new Option('--config <file>', 'the config, in JSON or YAML').env('PROBE_CONFIG_FILE'))
  .addOption(
    new Option('--outputs <file>', 'the file that `cdktf deploy --outputs-file` wrote').env('PROBE_OUTPUTS_FILE')
  )
  .addOption(new Option('--environment <name>', 'the environment in the file of --outputs').env('PROBE_ENVIRONMENT'))
  .addOption(new Option('--host <address>', 'listen on this address; overrides the config').env('PROBE_HOST'))
  .addOption(new Option('--port <number>', 'listen on this port; overrides the config').env('PROBE_PORT'))
  .addOption(
    new Option('--names <names>', 'names to answer to in addition to listen.names, separated by commas').env(
      'PROBE_NAMES'
    )
  )
  .option('--schema', 'print the JSON Schema of the config, and exit')
  .addHelpText(
    'after',
    '\nWithout a file, set the environment variable PROBE_CONFIG to the config in JSON, or PROBE_TARGETS to private links, separated by spaces or commas.'
  )
  .addHelpText(
    'after',
    exitStatusHelp({ success: 'ended by a signal', noResult: 'invalid arguments, or a config that cannot be used' })
  )
  .action(async (links: readonly string[], flags: StartOptions) => {
    if (flags.schema) console.log(JSON.stringify(configJsonSchema(), null, 2))
    else {
      const given = [
        { where: 'command line', links: linksIn(links) },
        { where: 'PROBE_TARGETS', links: (process.env.PROBE_TARGETS ?? '').split(/[\s,]+/).filter(link => link !== '') }
      ]
      await serve({ ...sourceOf(flags, process.env.PROBE_CONFIG), links: given }, flags)
    }
  })

await runCommand(program)

async function serve(source: ConfigSource, flags: StartOptions): Promise<void> {
  let asked: NodeJS.Signals | undefined
  let end = () => {}
  // As process 1 of a container, it would not end at all by a signal that it gets while it starts, if that were not kept.
  for (const signal of ending) {
    process.on(signal, () => {
      // A terminal sends Ctrl-C to npm as well, which sends it on: a second signal must not cut the closing short.
      if (asked !== undefined) return
      asked = signal
      end()
    })
  }
  const alsoNamed = namesIn(flags.names)
  const written = await readConfig(source)
  const [, listening] = await allRead([
    loadReferred(written),
    readListening(written.config.listen),
    readPushing(written.config.otlp)
  ])
  const pod = await readOwnPod(process.env)
  let { reader, names } = listening
  // The getter makes a pipe that nobody reads refuse bytes instead of holding up a thread, and so the end of the process.
  const log = openLog(process.stdout.fd)
  const metrics = createMetrics({ version, revision: process.env.PROBE_REVISION })
  collectProcessMetrics(metrics.registry)
  const daemon = createDaemon({
    metrics,
    pod,
    onCaseChange: change => app.log.info(change, 'case changed'),
    onCause: found => app.log.info(found, 'cause confirmed'),
    onClientsMissing: ({ message }) => app.log.error(`cloudFacts: ${message}`),
    onImpairment: (active, stalledBy) => app.log.warn({ impairments: active, stalledBy }, 'impairments changed'),
    onBug: bug => app.log.error({ err: bug }, 'bug in the probe: an observer failed, the target has no verdict')
  })
  const app = await buildApp({
    health: daemon,
    standings: daemon,
    metrics,
    requestRound: daemon.requestRound,
    page: { ...daemon, version },
    tls: listening.tls,
    reader: () => reader,
    names: () => [...names, ...alsoNamed],
    logger: { stream: log }
  })
  const push = keepPushing(metrics, { version, log: app.log })
  app.addHook('onResponse', async ({ routeOptions }) => daemon.charge(`requests for ${routeOptions.url ?? 'nothing'}`))
  // Ended the other way round: nothing new begins while who is being answered is answered to the end.
  const open = [() => app.close(), daemon.close, async () => push.close()]
  const closeAll = async () => {
    for (const close of open.reverse()) await close()
  }
  try {
    const following = await followConfig(source, {
      apply: async loaded => {
        const [next, pushing] = await allRead([readListening(loaded.config.listen), readPushing(loaded.config.otlp)])
        await daemon.apply(loaded)
        push.apply(pushing && { ...pushing, authorities: loaded.authorities })
        ;({ reader, names } = next)
        if (next.tls !== undefined && app.server instanceof Server) app.server.setSecureContext(secure(next.tls))
        app.log.info({ targets: loaded.config.targets.length }, 'config applied')
        const changes = changesForStart(listening, next)
        if (changes.length > 0) app.log.warn({ changes }, 'takes effect after a restart')
      },
      refuse: mistakes => {
        daemon.refuse()
        app.log.error({ mistakes }, 'config refused, the previous one stays in use')
      }
    })
    open.push(following.close)
    if (pod !== undefined) app.log.info({ pod }, 'running in a pod of Kubernetes')
    await listen(app, { host: flags.host || listening.host, port: Number(flags.port || listening.port) })
  } catch (error) {
    await closeAll()
    await log.close()
    throw error
  }
  const grace = closeWithGrace({ logger: false, skip: [...ending] }, async ({ err: error, signal = asked }) => {
    if (error === undefined) app.log.info({ signal }, 'closing')
    else app.log.fatal({ err: error }, 'closing because of a bug')
    await closeAll()
    app.log.info('closed')
    await log.close()
  })
  end = () => void grace.close()
  if (asked !== undefined) end()
}

/** Private links; a config is easily given in their place. */
function linksIn(words: readonly string[]): readonly string[] {
  const file = words.find(word => /\.(json|ya?ml)$/i.test(word))
  if (file !== undefined) program.error(`error: ${shown(file)} is a file, not a private link. Give it as --config.`)
  return words
}

/** Names that are separated by commas. */
function namesIn(names = ''): readonly string[] {
  const { data, error } = Names.safeParse(names.split(',').filter(name => name !== ''))
  if (error !== undefined)
    throw new ConfigError([`--names: must be names without a port, separated by commas, got ${shown(names)}`])
  return data
}

function sourceOf({ config, outputs, environment, port }: StartOptions, json: string | undefined): ConfigSource {
  // An environment variable that a container's manifest leaves empty is one that is not set.
  const source = { file: config || undefined, json: json || undefined }
  if (port && !(/^\d{1,5}$/.test(port) && Number(port) <= 65_535)) {
    throw new ConfigError([`--port: must be a number from 0 to 65535, got ${shown(port)}`])
  }
  if (!outputs !== !environment) {
    throw new ConfigError(['--outputs and --environment: only one of them is given. Give both or neither.'])
  }
  return { ...source, outputs: outputs && environment ? { file: outputs, environment } : undefined }
}
