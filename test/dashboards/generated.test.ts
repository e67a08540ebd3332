import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { alertsOf } from '../../dashboards/alerts/rule.ts'
import { generated } from '../../dashboards/generated.ts'
import { ruleGroups } from '../../dashboards/rules.ts'
import { withCatalogue } from '../../dashboards/runbooks.ts'
import { settings } from '../../dashboards/settings.ts'

const files = Object.entries(generated(settings))

test.for(files)('%s is what `npm run dashboards` makes', ([name, text]) => {
  expect(readFileSync(join('dashboards', name), 'utf8')).toBe(text)
})

test('nothing else is in the folder of what is made', () => {
  const made = readdirSync('dashboards/generated').map(name => `generated/${name}`)
  expect(made.filter(name => !(name in Object.fromEntries(files)))).toEqual([])
})

describe('every alert', () => {
  const pages = readdirSync('dashboards/runbooks').map(file => basename(file, '.md'))

  test('has its runbook, and every runbook its alert', () => {
    expect(pages.toSorted()).toEqual([...alertsOf(ruleGroups(settings))].toSorted())
  })

  test('leads to its runbook, and to its board where it is known where Grafana is', () => {
    const chosen = { ...settings, runbooks: 'https://git.example/runbooks', grafana: 'https://grafana.example' }
    for (const rule of ruleGroups(chosen).flatMap(({ rules }) => rules)) {
      if (!('alert' in rule)) continue
      expect(rule.annotations).toMatchObject({
        runbook_url: `https://git.example/runbooks/${rule.alert}.md`,
        dashboard: 'https://grafana.example/d/privatelink-target?var-target={{ $labels.target | urlquery }}'
      })
    }
  })

  test('says what it is, what it means and what to do', () => {
    for (const rule of ruleGroups(settings).flatMap(({ rules }) => rules)) {
      if (!('alert' in rule)) continue
      for (const text of ['summary', 'meaning', 'remedy']) expect(rule.annotations[text], rule.alert).toMatch(/\S/)
    }
  })
})

describe.for(readdirSync('dashboards/runbooks'))('%s', file => {
  const page = readFileSync(join('dashboards/runbooks', file), 'utf8')

  test('is named as its alert, and has its four parts', () => {
    expect([...page.matchAll(/^#{1,2} (.+)$/gm)].map(([, heading]) => heading)).toEqual([
      basename(file, '.md'),
      'Meaning',
      'Impact',
      'Diagnosis',
      'Mitigation'
    ])
  })

  test('leads to pages that exist', () => {
    for (const [, path = ''] of page.matchAll(/\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)/g)) {
      expect(() => readdirSync(join('dashboards/runbooks', path, '..')), path).not.toThrow()
      if (path.endsWith('.md')) expect(readFileSync(join('dashboards/runbooks', path), 'utf8')).not.toBe('')
    }
  })
})

test('a place for a table that there is not is told, with those that there are', () => {
  expect(() => withCatalogue('PrivateLinkTimeout', '<!-- table: cases -->\n<!-- end -->')).toThrow(
    'no table is called cases; there are meanings, remedies, impairments'
  )
})
