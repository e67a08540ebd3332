import { readFileSync, writeFileSync } from 'node:fs'
import { pages, withOptionTables } from './reference.ts'

for (const page of Object.keys(pages)) writeFileSync(page, withOptionTables(page, readFileSync(page, 'utf8')))
