import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { boards } from './boards.ts'

for (const [name, text] of Object.entries(boards())) writeFileSync(join(import.meta.dirname, name), text)
