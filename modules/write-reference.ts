import { readFileSync, writeFileSync } from 'node:fs'
import { withOptionTables } from './reference.ts'

const page = 'modules/README.md'
writeFileSync(page, withOptionTables(readFileSync(page, 'utf8')))
