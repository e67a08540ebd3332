import { readFile } from 'node:fs/promises'
import closeWithGrace from 'close-with-grace'
import { Command, Option } from 'commander'
import { collectDefaultMetrics } from 'prom-client'
import packageFile from '../package.json' with { type: 'json' }
import { buildApp } from './app.ts'
import { followConfig } from './config/follow.ts'
import { ConfigError } from './config/mistakes.ts'
import { type ConfigSource, loadConfig } from './config/source.ts'
import { type Config, configJsonSchema } from './config.ts'
import { createDaemon } from './daemon.ts'
import { createMetrics } from './metrics.ts'

const { version } = packageFile

interface Flags {
  readonly config?: string
  readonly outputs?: string
  readonly environment?: string
  readonly host?: string
  readonly port?: string
  readonly schema?: true
}

const flags = new Command('probe')
  .description('Watches private links to Zilliz Cloud, and says which troubleshooting case it is.')
  .version(version)
  .addOption(new Option('--config <file>', 'the config, in JSON or YAML').env('PROBE_CONFIG_FILE'))
  .addOption(new Option('--outputs <file>', 'what cdktf deploy --outputs-file wrote').env('PROBE_OUTPUTS_FILE'))
  .addOption(new Option('--environment <name>', 'whose targets to take from --outputs').env('PROBE_ENVIRONMENT'))
  .addOption(new Option('--host <address>', 'listen there, whatever the config says').env('PROBE_HOST'))
  .addOption(new Option('--port <number>', 'listen on it, whatever the config says').env('PROBE_PORT'))
  .option('--schema', "print the config's JSON Schema, and end")
  .addHelpText('after', '\nWithout a file, the environment variable PROBE_CONFIG holds the config in JSON.')
  .parse()
  .opts<Flags>()

if (flags.schema) console.log(JSON.stringify(configJsonSchema(), null, 2))
else {
  try {
    await serve(sourceOf(flags, process.env.PROBE_CONFIG))
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    console.error(error.message)
    process.exitCode = 2
  }
}

async function serve(source: ConfigSource): Promise<void> {
  const { listen } = (await loadConfig(source)).config
  let intervalSeconds = 0
  const metrics = createMetrics({ version, intervalSeconds: () => intervalSeconds })
  collectDefaultMetrics({ register: metrics.registry, eventLoopMonitoringPrecision: 100 })
  const daemon = createDaemon({
    metrics,
    onCaseChange: change => app.log.info(change, 'case changed'),
    onImpairment: active => app.log.warn({ impairments: active }, 'impairments changed')
  })
  const app = await buildApp({
    health: daemon,
    standings: daemon,
    metrics,
    version,
    ...(await secretsOf(listen)),
    logger: true
  })
  const following = await followConfig(source, {
    apply: async loaded => {
      intervalSeconds = loaded.config.intervalSeconds
      await daemon.apply(loaded)
      app.log.info({ targets: loaded.config.targets.length }, 'config taken')
    },
    refuse: mistakes => {
      daemon.refuse()
      app.log.error({ mistakes }, 'config refused, going on with the one before')
    }
  })
  closeWithGrace({ logger: false }, async ({ err: error, signal }) => {
    if (error === undefined) app.log.info({ signal }, 'closing')
    else app.log.fatal({ err: error }, 'closing because of a bug')
    await app.close()
    await following.close()
    await daemon.close()
    app.log.info('closed')
  })
  await app.listen({
    host: flags.host ?? listen.host,
    port: flags.port === undefined ? listen.port : Number(flags.port)
  })
}

function sourceOf({ config, outputs, environment, port }: Flags, json: string | undefined): ConfigSource {
  if ((outputs === undefined) !== (environment === undefined)) {
    throw new ConfigError(['--outputs and --environment: give both or neither'])
  }
  if (port !== undefined && !/^\d{1,5}$/.test(port)) throw new ConfigError([`--port: must be a number, got "${port}"`])
  return {
    file: config,
    outputs: outputs === undefined || environment === undefined ? undefined : { file: outputs, environment },
    json
  }
}

async function secretsOf({ tls, basicAuth }: Config['listen']) {
  return {
    tls: tls && {
      cert: await secret('listen.tls.certFile', tls.certFile),
      key: await secret('listen.tls.keyFile', tls.keyFile)
    },
    reader: basicAuth && {
      username: basicAuth.username,
      password: (await secret('listen.basicAuth.passwordFile', basicAuth.passwordFile)).trimEnd()
    }
  }
}

async function secret(key: string, file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error
    throw new ConfigError([
      `${key}: ${file} cannot be read (${error.code}); see whether it is there and who may read it`
    ])
  }
}
