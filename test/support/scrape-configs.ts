import { globSync, readFileSync } from 'node:fs'
import { parseAllDocuments } from 'yaml'
import { z } from 'zod'

/** A job of Prometheus. */
const ScrapeConfig = z.looseObject({ job_name: z.string() })
export type ScrapeConfig = z.output<typeof ScrapeConfig>

/** A job, and the file that has it. */
export interface Printed {
  readonly where: string
  readonly config: ScrapeConfig
}

const Monitor = z.looseObject({
  kind: z.enum(['ServiceMonitor', 'PodMonitor']),
  metadata: z.looseObject({ name: z.string() }),
  spec: z.looseObject({
    endpoints: z.array(z.looseObject({})).default([]),
    podMetricsEndpoints: z.array(z.looseObject({})).default([])
  })
})

/** All jobs in the project's YAML files and in the YAML of its pages. */
export function writtenScrapeConfigs(): readonly Printed[] {
  const files = globSync('**/*.{yml,yaml,md}', { exclude: ['node_modules/**', '**/node_modules/**', 'dist/**'] }).sort()
  return files.flatMap(where => {
    const text = readFileSync(where, 'utf8')
    const parts = where.endsWith('.md') ? fences(text) : [text]
    return parts.flatMap(part => scrapeConfigsIn(part)).map(config => ({ where, config }))
  })
}

/** The jobs in a text, wherever they are in it. An endpoint of a ServiceMonitor is the job that the operator makes of it. */
export function scrapeConfigsIn(text: string): readonly ScrapeConfig[] {
  return parseAllDocuments(text).flatMap(document => within(document.toJS()))
}

function fences(page: string): readonly string[] {
  const blocks = page.matchAll(/^( *)```ya?ml\b[^\n]*\n([\s\S]*?)^ *```/gm)
  return [...blocks].map(([, indent = '', code = '']) => code.replaceAll(new RegExp(`^${indent}`, 'gm'), ''))
}

function within(value: unknown): readonly ScrapeConfig[] {
  if (typeof value !== 'object' || value === null) return []
  const job = ScrapeConfig.safeParse(value)
  if (job.success) return [job.data]
  const monitor = Monitor.safeParse(value)
  if (!monitor.success) return Object.values(value).flatMap(within)
  const { metadata, spec } = monitor.data
  return [...spec.endpoints, ...spec.podMetricsEndpoints].map(endpoint =>
    ScrapeConfig.parse(jobOf(metadata.name, endpoint))
  )
}

/** https://github.com/prometheus-operator/prometheus-operator/blob/main/Documentation/api-reference/api.md#endpoint */
function jobOf(name: string, { interval, scrapeTimeout, path, honorLabels, relabelings }: Record<string, unknown>) {
  return {
    job_name: name,
    kubernetes_sd_configs: [{ role: 'endpoints' }],
    scrape_interval: interval,
    scrape_timeout: scrapeTimeout,
    metrics_path: path,
    honor_labels: honorLabels,
    relabel_configs: z
      .array(z.looseObject({}))
      .default([])
      .parse(relabelings)
      .map(each => Object.fromEntries(Object.entries(each).map(([key, value]) => [snake(key), value])))
  }
}

const snake = (key: string) => key.replaceAll(/[A-Z]/g, letter => `_${letter.toLowerCase()}`)
