import { readFileSync, writeFileSync } from 'node:fs'
import { indexPage, referencePages, withCloudTable } from './reference.ts'

for (const [path, text] of Object.entries(referencePages())) writeFileSync(path, text)
writeFileSync(indexPage, withCloudTable(readFileSync(indexPage, 'utf8')))
