import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { generated } from '../../dashboards/generated.ts'
import { settings } from '../../dashboards/settings.ts'

const Board = z.looseObject({
  uid: z.string(),
  panels: z.array(
    z.looseObject({
      id: z.number(),
      type: z.string(),
      title: z.string(),
      description: z.string().optional(),
      gridPos: z.object({ x: z.number(), y: z.number(), w: z.number(), h: z.number() }),
      datasource: z.looseObject({ uid: z.string() }).optional(),
      targets: z.array(z.looseObject({ expr: z.string(), datasource: z.looseObject({ uid: z.string() }) })).optional()
    })
  ),
  templating: z.object({ list: z.array(z.looseObject({ name: z.string(), type: z.string() })) })
})

const files = generated(settings)

describe.for(['overview', 'target'])('the board %s', name => {
  const board = Board.parse(JSON.parse(files[`generated/${name}.json`] ?? ''))
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

  test('uses the variables that it has', () => {
    const known = new Set(board.templating.list.map(variable => variable.name))
    const used = panels.flatMap(({ targets = [] }) =>
      targets.flatMap(({ expr }) => [...expr.matchAll(/\$([a-z]\w*)/g)].map(([, variable = '']) => variable))
    )
    expect(used.filter(variable => !known.has(variable))).toEqual([])
  })
})
