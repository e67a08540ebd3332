import type { z } from 'zod'
import { allClouds } from '../../probe/clouds.ts'
import { optionsOf, optionTable } from '../../probe/reference/options.ts'
import { markdownTable, withTables } from '../../probe/reference/tables.ts'
import type { Permitted } from '../cloud.ts'
import { clouds } from '../clouds.ts'
import { Backend } from '../environment/backend.ts'
import { EnvironmentOptions } from '../environment/environment.ts'
import { outputs } from '../environment/outputs.ts'
import { ZillizOption } from '../zilliz/zilliz-option.ts'

const tableOf = (schema: z.ZodType) => optionTable(optionsOf(schema))

const generated = '<!-- Written by `npm run reference`. Change the schemas, not this file. -->'

/** A page that is generated as a whole. */
const page = (title: string, ...parts: readonly string[]) => `${[generated, `# ${title}`, ...parts].join('\n\n')}\n`

/**
 * The pages of reference, by their path from the root of the repository: what the options of environments and links
 * mean, what a deploy puts out, and the permissions that it needs. Each cloud has a page.
 */
export function referencePages(): Readonly<Record<string, string>> {
  return {
    'modules/reference/environment.md': environmentPage(),
    'modules/reference/outputs.md': outputsPage(),
    'modules/reference/permissions.md': permissionsPage(),
    ...Object.fromEntries(allClouds.map(({ id }) => [`modules/reference/${id}.md`, cloudPage(id)]))
  }
}

/** The page with the list of all pages. */
export const indexPage = 'modules/README.md'

/**
 * The index with the pages of every cloud.
 *
 * @throws Error if it marks a place for an unknown table
 */
export function withCloudTable(index: string): string {
  return withTables(index, { clouds: cloudTable })
}

function environmentPage(): string {
  return page(
    'Options of an environment',
    'For operators who write environments. The options of links and probes are on the page of their cloud: ' +
      `${allClouds.map(({ id, title }) => `[${title}](${id}.md)`).join(', ')}. ` +
      'Examples are in [Prepare for production](../guides/production.md).',
    tableOf(EnvironmentOptions),
    '## The backend',
    '`backend` is one of these.',
    ...Backend.options.map(tableOf),
    '## Zilliz Cloud',
    '`zilliz` of a link [registers the endpoint and reads the hosts](../guides/deploy.md) with an API key.',
    tableOf(ZillizOption)
  )
}

function cloudPage(id: keyof typeof clouds): string {
  const { title } = allClouds.find(each => each.id === id) ?? { title: id }
  const { accessOptions, link, endpoint, probe } = clouds[id]
  return page(
    `Options on ${title}`,
    `For operators who write environments with links on ${title}. [Links on ${title}](../${id}/README.md) has examples.`,
    '## Access',
    `\`${id}\` of an environment:`,
    tableOf(accessOptions),
    '## A link',
    tableOf(link),
    '## An endpoint that others made',
    '`endpoint` of a link:',
    tableOf(endpoint),
    '## The probe',
    '`probe` of a link:',
    tableOf(probe)
  )
}

function outputsPage(): string {
  return page(
    'Outputs of a deploy',
    'For operators and programs that read what a deploy made. `--outputs-file outputs.json` writes all of them to a file, by environment.',
    markdownTable(
      ['output', 'contents'],
      Object.entries(outputs).map(([name, contents]) => [`\`${name}\``, `${contents}.`])
    )
  )
}

const rows: Readonly<Record<Permitted, string>> = {
  links: 'links',
  probe: 'links and a probe: this file as well',
  identity: 'and the deploy creates the identity of the probe: this file as well',
  spokes: '[hosts for networks of other accounts or projects](../guides/hub-and-spokes.md): this file there'
}

function permissionsPage(): string {
  const files = (what: Permitted) =>
    allClouds.map(({ id }) => {
      const file = clouds[id].permissions[what]
      return `[${file}](../${id}/permissions/${file})`
    })
  return page(
    'Permissions of the deployer',
    'For administrators who grant permissions. [Security](../guides/security.md) says how they were found and how to limit them.',
    markdownTable(
      ['what you deploy', ...allClouds.map(({ title }) => `on ${title}`)],
      (['links', 'probe', 'identity', 'spokes'] as const).map(what => [rows[what], ...files(what)])
    )
  )
}

function cloudTable(): string {
  return markdownTable(
    ['cloud', 'options', 'guide'],
    allClouds.map(({ id, title }) => {
      const to = (words: string, section: string) => `[${words}](${id}/README.md#${section})`
      return [
        title,
        `[${title}](reference/${id}.md)`,
        [
          to('probe', 'the-probe'),
          to('import', 'import-existing-resources'),
          to('identity of the probe', 'identity-of-the-probe'),
          to('cost', 'cost-of-resources-and-of-replacing-them'),
          to('known behavior', 'known-behavior')
        ].join(', ')
      ]
    })
  )
}
