import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { apiReference } from '../../modules/reference/api/reference.ts'

const folder = 'modules/reference/api'

test("the reference of the package's exports is that of their docstrings, and none lacks one or its default", async () => {
  const committed = readdirSync(folder).filter(name => name.endsWith('.md'))
  const pages = committed.map(name => [name, readFileSync(join(folder, name), 'utf8')])
  expect(await apiReference()).toEqual(Object.fromEntries(pages))
  expect(committed.length).toBe(4)
})
