import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { ruleGroups } from '../../dashboards/rules.ts'
import { settings } from '../../dashboards/settings.ts'

const Dropping = z.object({
  remote_write: z.tuple([z.object({ write_relabel_configs: z.tuple([z.object({ regex: z.string() })]) })])
})

test('no rule reads the series that are not sent to the center', async () => {
  const page = await readFile('dashboards/guides/many-environments.md', 'utf8')
  const [, block = ''] = /```yaml\n([^`]*remote_write[^`]*)```/.exec(page) ?? []
  const { regex } = Dropping.parse(parse(block)).remote_write[0].write_relabel_configs[0]
  const dropped = new RegExp(`^(?:${regex})$`)
  const rules = ruleGroups(settings).flatMap(group => group.rules)
  const read = new Set(rules.flatMap(({ expr }) => expr.match(/\b(?:privatelink|nodejs|process)_\w+/g) ?? []))
  expect(read).toContain('privatelink_up')
  expect([...read].filter(name => dropped.test(name))).toEqual([])
  expect('privatelink_layer_duration_seconds_bucket').toMatch(dropped)
})
