import { defaultDashboard } from '@grafana/grafana-foundation-sdk/dashboard'
import * as units from '@grafana/grafana-foundation-sdk/units'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { boards } from '../../dashboards/boards.ts'

const Steps = z.object({ steps: z.array(z.object({ value: z.number().nullable(), color: z.string() })) })
const Links = z.array(z.looseObject({ title: z.string(), url: z.string() }))

const Board = z.looseObject({
  uid: z.string(),
  schemaVersion: z.number(),
  links: Links.default([]),
  panels: z.array(
    z.looseObject({
      id: z.number(),
      type: z.string(),
      title: z.string(),
      description: z.string().optional(),
      gridPos: z.object({ x: z.number(), y: z.number(), w: z.number(), h: z.number() }),
      fieldConfig: z
        .looseObject({
          defaults: z.looseObject({ unit: z.string().optional(), thresholds: Steps.optional() }).prefault({}),
          overrides: z
            .array(z.looseObject({ properties: z.array(z.object({ id: z.string(), value: z.unknown() })) }))
            .default([])
        })
        .prefault({}),
      datasource: z.looseObject({ uid: z.string() }).optional(),
      targets: z.array(z.looseObject({ expr: z.string(), datasource: z.looseObject({ uid: z.string() }) })).optional()
    })
  ),
  templating: z.object({ list: z.array(z.looseObject({ name: z.string(), type: z.string() })) })
})

const files = boards()
const boardOf = (name: string) => Board.parse(JSON.parse(files[`generated/${name}.json`] ?? ''))
const allBoards = ['overview', 'target'].map(boardOf)

describe.for(['overview', 'target'])('the board %s', name => {
  const board = boardOf(name)
  const panels = board.panels.filter(({ type }) => type !== 'row')

  test('says of every panel what it shows', () => {
    expect(panels.filter(({ description = '' }) => description.length < 20)).toEqual([])
  })

  test('has a number of its own for each panel', () => {
    expect(new Set(board.panels.map(({ id }) => id)).size).toBe(board.panels.length)
  })

  test('has no panel over another, nor beyond the edge', () => {
    const taken = new Set<string>()
    for (const { gridPos, title } of board.panels) {
      expect(gridPos.x + gridPos.w, title).toBeLessThanOrEqual(24)
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++) {
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
          expect(taken.has(`${x},${y}`), `${title} at ${x},${y}`).toBe(false)
          taken.add(`${x},${y}`)
        }
      }
    }
  })

  test('leaves no gap in a line of panels', () => {
    const lines = Map.groupBy(board.panels, ({ gridPos }) => gridPos.y)
    for (const [y, line] of lines) {
      expect(
        line.reduce((sum, { gridPos }) => sum + gridPos.w, 0),
        `the line at ${y}`
      ).toBe(24)
    }
  })

  test('asks the data source that was chosen, and no other', () => {
    expect(board.templating.list[0]).toMatchObject({ name: 'datasource', type: 'datasource', query: 'prometheus' })
    for (const { title, datasource, targets = [] } of panels) {
      expect(datasource?.uid, title).toBe('${datasource}')
      expect(targets.length, title).toBeGreaterThan(0)
      for (const each of targets) expect(each.datasource.uid, title).toBe('${datasource}')
    }
  })

  const overridden = panels.flatMap(({ fieldConfig }) => fieldConfig.overrides.flatMap(({ properties }) => properties))
  const valuesOf = (id: string) => overridden.flatMap(property => (property.id === id ? [property.value] : []))

  test('has the schema version of the SDK', () => {
    expect(board.schemaVersion).toBe(defaultDashboard().schemaVersion)
  })

  test('has only units that the SDK has', () => {
    const used = [...panels.map(({ fieldConfig }) => fieldConfig.defaults.unit), ...valuesOf('unit')]
    const known = new Set<unknown>([...Object.values(units), undefined])
    expect(used).toContain('percentunit')
    expect(used.filter(unit => !known.has(unit))).toEqual([])
  })

  test('has thresholds that begin without a value and rise', () => {
    const all = [
      ...panels.flatMap(({ fieldConfig }) => fieldConfig.defaults.thresholds ?? []),
      ...valuesOf('thresholds').map(value => Steps.parse(value))
    ]
    expect(all.length).toBeGreaterThan(0)
    for (const { steps } of all) {
      const [first, ...others] = steps.map(({ value }) => value)
      expect(first).toBe(null)
      expect(others).toEqual(others.map(Number).toSorted((one, other) => one - other))
    }
  })

  test('links to boards that exist, with variables that they have', () => {
    const links = [...board.links, ...valuesOf('links').flatMap(value => Links.parse(value))]
    expect(links.length).toBeGreaterThan(0)
    for (const { title, url } of links) {
      const { pathname, searchParams } = new URL(url, 'http://grafana.example')
      const linked = allBoards.find(({ uid }) => pathname === `/d/${uid}`)
      const known = linked?.templating.list.map(variable => `var-${variable.name}`) ?? []
      expect(linked, title).toBeDefined()
      const given = [...searchParams.keys()].filter(key => key.startsWith('var-'))
      expect(
        given.filter(key => !known.includes(key)),
        title
      ).toEqual([])
    }
  })

  test('uses the variables that it has', () => {
    const known = new Set(board.templating.list.map(variable => variable.name))
    const used = panels.flatMap(({ targets = [] }) =>
      targets.flatMap(({ expr }) => [...expr.matchAll(/\$([a-z]\w*)/g)].map(([, variable = '']) => variable))
    )
    expect(used.filter(variable => !known.has(variable))).toEqual([])
  })
})
