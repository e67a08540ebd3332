import type { z } from 'zod'
import { allClouds } from '../probe/clouds.ts'
import { optionsOf, optionTable } from '../probe/reference/options.ts'
import { markdownTable, type Tables, withTables } from '../probe/reference/tables.ts'
import type { Permitted } from './cloud.ts'
import { clouds } from './clouds.ts'
import { Backend } from './environment/backend.ts'
import { EnvironmentOptions } from './environment/environment.ts'
import { ZillizOption } from './zilliz/zilliz-option.ts'

const tableOf = (schema: z.ZodType) => () => optionTable(optionsOf(schema))

const needed: Readonly<Record<Permitted, string>> = {
  links: 'links',
  probe: 'and a probe',
  identity: 'and the deploy makes the identity of the probe'
}
const permissions = (what: Permitted) => [
  needed[what],
  ...allClouds.map(({ id }) => {
    const file = clouds[id].permissions[what]
    return `[${file}](${id}/permissions/${file})`
  })
]

/** The tables of every page that has some, by the path of the page. Each cloud has a page in its folder. */
export const pages: Readonly<Record<string, Tables>> = {
  'modules/README.md': {
    environment: tableOf(EnvironmentOptions),
    backend: () => Backend.options.map(option => optionTable(optionsOf(option))).join('\n\n'),
    zilliz: tableOf(ZillizOption),
    clouds: () =>
      markdownTable(
        ['cloud', 'options', 'operation'],
        allClouds.map(({ id, title }) => {
          const to = (words: string, section: string) => `[${words}](${id}/README.md#${section})`
          return [
            title,
            `${to('access', 'access')}, ${to('a link', 'a-link')}, ${to('a probe', 'the-probe')}`,
            [
              to('import', 'import-existing-resources'),
              to('identity of the probe', 'identity-of-the-probe'),
              to('cost', 'cost-of-resources-and-of-replacing-them'),
              to('known behavior', 'known-behavior')
            ].join(', ')
          ]
        })
      ),
    permissions: () =>
      markdownTable(
        ['what you deploy', ...allClouds.map(({ title }) => `on ${title}`)],
        [permissions('links'), permissions('probe'), permissions('identity')]
      )
  },
  ...Object.fromEntries(
    Object.entries(clouds).map(([id, { accessOptions, link, probe }]) => [
      `modules/${id}/README.md`,
      { access: tableOf(accessOptions), link: tableOf(link), probe: tableOf(probe) }
    ])
  )
}

/**
 * A page with its tables as the schemas and the clouds have them.
 *
 * @param path one of `pages`
 * @throws Error if the page marks a place for an unknown table
 */
export function withOptionTables(path: string, text: string): string {
  return withTables(text, pages[path] ?? {})
}
