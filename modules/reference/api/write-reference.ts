import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { apiReference } from './reference.ts'

for (const [name, page] of Object.entries(await apiReference())) await writeFile(join(import.meta.dirname, name), page)
