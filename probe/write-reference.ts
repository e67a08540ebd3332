import { readFileSync, writeFileSync } from 'node:fs'
import { configJsonSchema } from './config.ts'
import { withReference } from './reference.ts'

const page = 'probe/README.md'
writeFileSync(page, withReference(readFileSync(page, 'utf8')))
writeFileSync('probe/config.schema.json', `${JSON.stringify(configJsonSchema(), null, 2)}\n`)
