import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { alertsOf } from '../../dashboards/alerts/rule.ts'
import { ruleGroups } from '../../dashboards/rules.ts'
import { settings } from '../../dashboards/settings.ts'
import { clouds } from '../../modules/clouds.ts'
import { EnvironmentOptions } from '../../modules/environment/environment.ts'
import { prod } from '../../modules/environments/prod.ts'
import packageFile from '../../package.json' with { type: 'json' }
import { exitStatus } from '../../probe/command/exit-status.ts'
import { Config } from '../../probe/config/config.ts'
import { createMetrics } from '../../probe/metrics/metrics.ts'
import { targetFamilies } from '../../probe/metrics/target-families.ts'
import { optionsOf } from '../../probe/reference/options.ts'
import { synthesize } from '../support/synthesize.ts'
import { pack } from './installed.ts'

const Stack = z.looseObject({
  output: z.record(z.string(), z.unknown()),
  resource: z.record(z.string(), z.record(z.string(), z.unknown()))
})
const Exposed = z.array(z.object({ name: z.string(), labelNames: z.array(z.string()).default([]) }))

const statement = /^(?:export )?(?:declare )?\w+ (\w+)/

/**
 * The declarations of a module of the package and of the modules whose types it passes on, without docstrings and private members.
 *
 * @param names of what is passed on. @default - everything
 */
async function declarations(file: string, names?: readonly string[]): Promise<readonly string[]> {
  const text = await readFile(file, 'utf8')
  const passedOn = [...text.matchAll(/^export (?:type )?\{([^}]*)\} from '(\.[^']+)\.(?:js|ts)';/gm)]
  const nested = await Promise.all(
    passedOn.map(([, list = '', path = '']) =>
      declarations(
        `${join(dirname(file), path)}.d.ts`,
        list.split(',').map(name => name.trim())
      )
    )
  )
  const own = text
    .replaceAll(/^[ \t]*\/\*\*[\s\S]*?\*\/\n/gm, '')
    .split(/\n(?=[a-z])/)
    .filter(declaration => {
      const [all = '', name = ''] = statement.exec(declaration) ?? []
      return names === undefined || names.includes(name) || !all.startsWith('export')
    })
    .join('\n')
    .split('\n')
    .filter(line => !/^(?:import |\s+private |\/\/# |export \{\};)/.test(line) && line.trim() !== '')
  return [...own, ...nested.flat()]
}

function options(schema: z.ZodType): readonly string[] {
  return optionsOf(schema)
    .flatMap(option => [option, ...option.inside])
    .map(({ name, type, presence }) => `${name}: ${type}${presence === '' ? '' : `, ${presence}`}`)
}

/** Everything that is public, in sections. */
async function everything(): Promise<Readonly<Record<string, readonly string[]>>> {
  const { folder } = await pack()
  const exported = Object.entries(packageFile.exports)
  const types = await Promise.all(
    exported.map(async ([name, where]) =>
      // What these two take is in the sections of options: their types come from the schemas.
      typeof where === 'string' || name === './probe' || name === './environment'
        ? []
        : [[`types of ${name}`, await declarations(join(folder, where.types))] as const]
    )
  )
  const { output, resource } = Stack.parse(JSON.parse(await synthesize(prod)))
  const { registry } = createMetrics({ version: packageFile.version })
  const ofProcess = Exposed.parse(registry.getMetricsAsArray().map(metric => ({ ...metric })))
  return {
    exports: exported.map(([name]) => name),
    ...Object.fromEntries(types.flat()),
    'options of an environment': options(EnvironmentOptions),
    ...Object.fromEntries(
      Object.entries(clouds).flatMap(([id, { accessOptions, link, probe }]) => [
        [`options of ${id}`, options(accessOptions)],
        [`options of a link on ${id}`, options(link)],
        [`options of a probe on ${id}`, options(probe)]
      ])
    ),
    'config of the probe': options(Config),
    'outputs of an environment': Object.keys(output),
    'Terraform addresses of the sample prod': Object.entries(resource).flatMap(([type, named]) =>
      Object.keys(named).map(name => `${type}.${name}`)
    ),
    metrics: [...ofProcess, ...targetFamilies.map(({ name, labels }) => ({ name, labelNames: labels }))].map(
      ({ name, labelNames }) => `${name}{${[...labelNames].join(', ')}}`
    ),
    alerts: alertsOf(ruleGroups(settings)),
    'exit statuses': Object.entries(exitStatus).map(([name, status]) => `${status} ${name}`)
  }
}

// To change the promise: remove the file, run this test, and write in CHANGELOG.md what changes for users.
test('the exports, options, outputs, Terraform addresses, metrics, alerts and exit statuses are those that test/package/public.txt promises', async () => {
  const text = Object.entries(await everything()).map(([title, lines]) => {
    const sorted = title.startsWith('types') ? lines : lines.toSorted()
    return `# ${title}\n\n${sorted.join('\n')}\n`
  })
  await expect(text.join('\n')).toMatchFileSnapshot('public.txt')
})
