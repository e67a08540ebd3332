import { z } from 'zod'
import { isLoopbackHost } from '../facts/loopback-host.ts'
import { mustBe } from '../schema/mistakes.ts'
import { ProbeConfig, WrittenTarget } from '../target.ts'

const ResolverConfig = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, { error: mustBe('a short name in lower case, such as vpc') })
    .describe('Its name in metrics and reports.'),
  address: z
    .union([z.ipv4(), z.ipv6(), z.literal('system')], { error: mustBe('an IPv4 or IPv6 address, or system') })
    .describe('IPv4 or IPv6 address. `system` means every address in /etc/resolv.conf that no other entry has.'),
  port: z.int().min(1).max(65535).describe('UDP and TCP port.').default(53)
})

const Tls = z.strictObject({
  certFile: z.string().min(1).describe("The server's certificate and those that signed it, in PEM."),
  keyFile: z.string().min(1).describe('Its private key, in PEM.')
})

const BasicAuth = z.strictObject({
  username: z
    .string()
    .regex(/^[^:]+$/, { error: mustBe('a name without a colon') })
    .describe('The user that may read all paths. `/healthz` and `/readyz` require no user.'),
  passwordFile: z.string().min(1).describe('A file with the password and nothing else.')
})

/** Names of the probe. `*.` at the beginning matches one or more labels. */
export const Names = z
  .array(
    z.string().regex(/^(?:\*\.)?(?=.{1,253}$)[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/i, {
      error: mustBe('a name without a port, such as probe.example or *.probes.example')
    })
  )
  .max(64)

/** Where metrics are pushed to. */
const Otlp = z
  .strictObject({
    url: z
      .url({ protocol: /^https?$/, error: mustBe('the full URL to post metrics to') })
      .describe('The full URL to post metrics to, such as https://prometheus.example/api/v1/otlp/v1/metrics.'),
    intervalSeconds: z.number().min(5).max(300).describe('Seconds between two pushes.').default(15),
    authorizationFile: z
      .string()
      .min(1)
      .describe('A file with the value of the header `Authorization`, such as `Bearer …`.')
      .optional()
  })
  .superRefine(({ url, authorizationFile }, context) => {
    const parsed = URL.parse(url)
    // Its own mistake is reported already.
    if (parsed === null) return
    const { protocol, hostname, username, password } = parsed
    const refuse = (message: string) => context.addIssue({ code: 'custom', path: ['url'], message })
    if (username !== '' || password !== '') {
      refuse('holds a user or a password. Write the value of the header into the file of authorizationFile.')
    }
    if (authorizationFile !== undefined && protocol === 'http:' && !isLoopbackHost(hostname)) {
      refuse('is http, over which anyone on the way can read what authorizationFile holds. Use https.')
    }
  })

/** Where the probe serves its results. */
const Listen = z.strictObject({
  host: z.string().min(1).describe('The address to listen on. A change requires a restart.').default('127.0.0.1'),
  port: z.int().min(0).max(65535).describe('The TCP port to listen on. A change requires a restart.').default(9815),
  names: Names.describe(
    'Names by which clients reach the probe over HTTP, in addition to its IP addresses, `localhost` and the host name of its machine. `*.` matches one or more labels. The probe answers other names with status 421. Changes take effect at once.'
  ).default([]),
  tls: Tls.describe(
    'Serve HTTPS. Default: HTTP. A change between the two requires a restart. Renewed files take effect at once.'
  ).optional(),
  basicAuth: BasicAuth.describe(
    'Require a user name and a password. Default: neither. Changes take effect at once.'
  ).optional()
})

/**
 * The config of the daemon. A deploy outputs a config that has only targets.
 */
export const Config = ProbeConfig.extend({
  resolvers: z
    .array(ResolverConfig)
    .min(1)
    .max(8)
    .describe('The resolvers to query. Default: those in /etc/resolv.conf.')
    .optional(),
  intervalSeconds: z.number().min(1).max(3600).describe('Seconds between two rounds of one target.').default(10),
  libcIntervalSeconds: z
    .number()
    .min(0)
    .max(86400)
    .describe('Seconds between two lookups of one host through getaddrinfo. 0 turns these lookups off.')
    .default(60),
  idleConnections: z
    .int()
    .min(0)
    .max(1000)
    .describe(
      'The number of idle connections to hold open, for all targets together, to measure after what time the network drops them. 0 turns this off.'
    )
    .default(100),
  queriesPerSecond: z
    .number()
    .min(1)
    .max(1000)
    .describe(
      'DNS queries per second, for all targets together. The resolvers of the clouds drop queries beyond 1,024.'
    )
    .default(800),
  caFile: z
    .string()
    .min(1)
    .describe(
      'Certificate authorities to trust in addition to those of the system, in PEM, such as that of a proxy that inspects TLS.'
    )
    .optional(),
  allowLoopback: z.boolean().describe('Connect to loopback addresses. For tests and the demo.').default(false),
  otlp: Otlp.describe(
    'Push all metrics by OTLP over HTTP, for networks in which Prometheus cannot reach the probe. Requires the package @opentelemetry/otlp-exporter-base. Default: no push.'
  ).optional(),
  listen: Listen.describe('Where the probe serves its results.').prefault({}),
  $schema: z.string().describe('Where an editor finds the schema of the config: `config.schema.json`.').optional()
})
  .superRefine(({ targets }, context) => refuseTwice('targets', targets, context))
  .superRefine(({ resolvers = [] }, context) => refuseTwice('resolvers', resolvers, context))
export type Config = z.output<typeof Config>

/** The JSON Schema of the config, for editors and for programs that write one. */
export function configJsonSchema(): object {
  const schema = z.toJSONSchema(Config, {
    io: 'input',
    override: ({ zodSchema, jsonSchema }) => {
      if (zodSchema === WrittenTarget) jsonSchema.anyOf = [{ type: 'string' }, ...(jsonSchema.oneOf ?? [])]
      if (zodSchema === WrittenTarget) delete jsonSchema.oneOf
    }
  })
  return { title: 'Config of the private link probe', ...schema }
}

function refuseTwice(
  list: 'targets' | 'resolvers',
  entries: readonly { readonly name: string }[],
  context: z.core.$RefinementCtx
): void {
  const seen = new Map<string, number>()
  entries.forEach(({ name }, index) => {
    const first = seen.get(name)
    if (first === undefined) seen.set(name, index)
    else {
      const message = `names ${JSON.stringify(name)} again. Rename or remove one: ${list}[${first}] has it already.`
      context.addIssue({ code: 'custom', path: [list, index, 'name'], message })
    }
  })
}
