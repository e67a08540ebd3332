import { readFileSync, writeFileSync } from 'node:fs'
import { withAlertTable } from './alert-table.ts'

const page = 'dashboards/reference/alerts.md'
writeFileSync(page, withAlertTable(readFileSync(page, 'utf8')))
