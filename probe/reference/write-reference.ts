import { readFileSync, writeFileSync } from 'node:fs'
import { configJsonSchema } from '../config/config.ts'
import { openapi } from './openapi.ts'
import { pagesOfProbe, withReference } from './reference.ts'

for (const page of pagesOfProbe) writeFileSync(page, withReference(readFileSync(page, 'utf8')))
writeFileSync('probe/config.schema.json', json(configJsonSchema()))
writeFileSync('probe/openapi.json', json(await openapi()))

function json(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`
}
