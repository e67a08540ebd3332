import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { withAlertTable } from '../../dashboards/alert-table.ts'
import { alertsOf } from '../../dashboards/alerts/rule.ts'
import { boards } from '../../dashboards/boards.ts'
import { generated } from '../../dashboards/generated.ts'
import { ruleGroups } from '../../dashboards/rules.ts'
import { withCatalogue } from '../../dashboards/runbooks.ts'
import { settings } from '../../dashboards/settings.ts'
import packageFile from '../../package.json' with { type: 'json' }

const files = Object.entries({ ...generated(settings), ...boards() })

test.for(files)('%s is what `npm run dashboards` makes', ([name, text]) => {
  expect(readFileSync(join('dashboards', name), 'utf8')).toBe(text)
})

test('the table in dashboards/reference/alerts.md is that of the rules', () => {
  const page = readFileSync('dashboards/reference/alerts.md', 'utf8')
  expect(withAlertTable(page)).toBe(page)
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

  const alerting = ruleGroups(settings).flatMap(({ rules }) => rules.filter(rule => 'alert' in rule))

  test('says what it is, what it means and what to do', () => {
    for (const { alert, annotations } of alerting) {
      for (const text of ['summary', 'description', 'remedy']) expect(annotations[text], alert).toMatch(/\S/)
      expect(annotations, alert).not.toHaveProperty('meaning')
    }
  })

  test('describes what it means and then the first steps, which are those of its remedy', () => {
    for (const { alert, annotations } of alerting) {
      const [meaning = '', steps = ''] = annotations.description?.split('\n\n') ?? []
      expect(meaning, alert).toMatch(/^[A-Z].*\.$/)
      expect(steps, alert).toMatch(/^1\. \S/)
      expect(annotations.remedy?.startsWith(steps), alert).toBe(true)
    }
  })

  test('names the section about Kubernetes where its runbook has one', () => {
    const remedies = Map.groupBy(alerting, ({ alert }) => alert)
    const names = [...remedies].map(([alert, rules]) => ({
      alert,
      named: rules.some(({ annotations }) => annotations.remedy?.includes('"In Kubernetes" in the runbook')),
      has: readFileSync(`dashboards/runbooks/${alert}.md`, 'utf8').includes('\n### In Kubernetes\n')
    }))
    expect(names.filter(({ has }) => has).length).toBeGreaterThan(3)
    expect(names.filter(({ named, has }) => named !== has)).toEqual([])
  })

  test('has the address of a runbook that is a page of the package of this version', () => {
    const { name, version } = packageFile
    for (const { alert, annotations } of alerting) {
      const { origin, pathname } = new URL(annotations.runbook_url ?? '')
      expect(origin).toBe('https://app.unpkg.com')
      const [at, folder, ...rest] = pathname.slice(1).split('/')
      expect([at, folder]).toEqual([`${name}@${version}`, 'files'])
      expect(readFileSync(rest.join('/'), 'utf8')).toContain(`# ${alert}\n`)
    }
  })
})

describe.for(readdirSync('dashboards/runbooks'))('%s', file => {
  const page = readFileSync(join('dashboards/runbooks', file), 'utf8')

  test('is named as its alert, and has its five parts', () => {
    expect([...page.matchAll(/^#{1,2} (.+)$/gm)].map(([, heading]) => heading)).toEqual([
      basename(file, '.md'),
      'Meaning',
      'Impact',
      'Diagnosis',
      'Mitigation',
      'Recovery'
    ])
  })

  const parts = Object.fromEntries(
    page
      .split(/^## /m)
      .slice(1)
      .map(part => [part.slice(0, part.indexOf('\n')), part.slice(part.indexOf('\n'))])
  )
  test('has the first step to take in its first screen', () => {
    expect(page.split('\n').findIndex(line => line.startsWith('1. '))).toBeLessThan(20)
  })

  test('tells when the fault or the alert is over', () => {
    expect(parts.Recovery).toMatch(/^The (?:fault is over|alert ends) (?:when|after) /m)
  })

  const stepsOf = (part: string) => [...(parts[part] ?? '').matchAll(/^(?:\d+\.|-) \S/gm)]

  test('has steps to find the reason, and steps to mend it', () => {
    expect(parts.Diagnosis).toMatch(/^1\. \S/m)
    expect(stepsOf('Mitigation').length).toBeGreaterThan(0)
  })

  test('cites no step, table or part of the alert that is not there', () => {
    if (/\bsteps below\b/.test(page)) expect(parts.Mitigation).toMatch(/^1\. \S/m)
    if (/\bthe (?:steps|table) (?:above|below)\b|\bin the table\b/.test(page.replaceAll('steps below', ''))) {
      expect(page).toMatch(/^\|---/m)
    }
    for (const [, step = ''] of page.matchAll(/\bstep (\d+)\b/g)) expect(page).toMatch(new RegExp(`^${step}\\. `, 'm'))
    const own = ruleGroups(settings).flatMap(({ rules }) =>
      rules.filter(rule => 'alert' in rule).filter(({ alert }) => alert === basename(file, '.md'))
    )
    const cited = [...page.matchAll(/`(\w+)` (?:in the alert|lists the prob)/g)].map(([, name = '']) => name)
    const labels = [...page.matchAll(/[Tt]he label\s+`(\w+)`/g)].map(([, name = '']) => name)
    for (const { annotations } of own) expect(Object.keys(annotations)).toEqual(expect.arrayContaining(cited))
    for (const rule of own) expect(Object.keys(rule.labels)).toEqual(expect.arrayContaining(labels))
  })

  test('leads to pages that exist', () => {
    for (const [, path = ''] of page.matchAll(/\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)/g)) {
      expect(() => readdirSync(join('dashboards/runbooks', path, '..')), path).not.toThrow()
      if (path.endsWith('.md')) expect(readFileSync(join('dashboards/runbooks', path), 'utf8')).not.toBe('')
    }
  })
})

test('a place for a table that does not exist is reported, with those that there are', () => {
  expect(() => withCatalogue('PrivateLinkTimeout', '<!-- table: cases -->\n<!-- end -->')).toThrow(
    'no table is called cases; there are meanings, remedies, pod steps, client caches, impairments'
  )
})
