import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { configJsonSchema } from '../../probe/config.ts'
import { openapi } from '../../probe/reference/openapi.ts'
import { withReference } from '../../probe/reference.ts'

const page = readFileSync('probe/README.md', 'utf8')

test("README's tables of options, metrics, cases, findings and impairments are those of the code", () => {
  expect(withReference(page)).toBe(page)
})

test('the published JSON Schema is that of the config', () => {
  expect(JSON.parse(readFileSync('probe/config.schema.json', 'utf8'))).toEqual(configJsonSchema())
})

test('the published OpenAPI description is that of the routes', async () => {
  expect(JSON.parse(readFileSync('probe/openapi.json', 'utf8'))).toEqual(await openapi())
})

test('a place for a table that there is not is told, with those that there are', () => {
  expect(() => withReference('<!-- table: case -->\n<!-- end -->')).toThrow(
    'no table is called case; there are config,'
  )
})
