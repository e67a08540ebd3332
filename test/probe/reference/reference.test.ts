import { globSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { configJsonSchema } from '../../../probe/config/config.ts'
import { documentedBounds } from '../../../probe/reference/bounds.ts'
import { openapi } from '../../../probe/reference/openapi.ts'
import { pagesOfProbe, withReference } from '../../../probe/reference/reference.ts'

for (const file of pagesOfProbe) {
  test(`the tables in ${file} are those of the code`, () => {
    const page = readFileSync(file, 'utf8')
    expect(withReference(page)).toBe(page)
  })
}

describe('every limit', () => {
  const files = globSync('test/**/*.test.ts').map(file => readFileSync(file, 'utf8'))
  /** Whether a file has the title of a test, `group > title` if it is in a group. */
  const hasTest = (text: string, title: string) =>
    title.split(' > ').every(part => [`'${part}'`, `"${part}"`, `\`${part}\``].some(literal => text.includes(literal)))

  for (const { what, most, test: title } of Object.values(documentedBounds).flat()) {
    test(`of ${what} is a number above 0, and names a test that exists`, () => {
      expect(most).toBeGreaterThan(0)
      expect(files.filter(text => hasTest(text, title))).not.toEqual([])
    })
  }
})

test('the published JSON Schema is that of the config', () => {
  expect(JSON.parse(readFileSync('probe/config.schema.json', 'utf8'))).toEqual(configJsonSchema())
})

test('the published OpenAPI description is that of the routes', async () => {
  expect(JSON.parse(readFileSync('probe/openapi.json', 'utf8'))).toEqual(await openapi())
})

test('a place for a table that does not exist is reported, with those that there are', () => {
  expect(() => withReference('<!-- table: case -->\n<!-- end -->')).toThrow(
    'no table is called case; there are config,'
  )
})
