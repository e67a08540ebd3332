import { readFileSync } from 'node:fs'
import { format } from 'echarts'
import { describe, expect, test } from 'vitest'
import type { QueryAnswer, TimeShown } from '../boards/answers.ts'
import { boardNames, type GrafanaPanel, readBoard } from '../boards/board.ts'
import { draw, notByGrafana } from '../boards/draw.ts'

const shown: TimeShown = { variables: {}, from: 0, to: 60, stepSeconds: 10, scrapeSeconds: 10 }
const [first = boardNames[0]] = boardNames
const board = readBoard(first)

/** The board with this answer to each query of the panel of this title. */
function drawnWith(title: string, series: QueryAnswer['series']): string {
  const answers = new Map<GrafanaPanel, readonly QueryAnswer[]>()
  for (const panel of board.panels) {
    if (panel.title === title)
      answers.set(
        panel,
        panel.targets.map(({ refId, legendFormat: legend }) => ({ refId, legend, series }))
      )
  }
  return draw(board, answers, shown, 'of a test')
}

test.for(boardNames)(
  'the picture of the board %s has every panel of it, and says that Grafana did not draw it',
  name => {
    const picture = readFileSync(`dashboards/pictures/${name}.svg`, 'utf8')
    expect(picture).toContain(format.encodeHTML(notByGrafana))
    expect(
      readBoard(name).panels.filter(({ title }) => !picture.includes(`>${format.encodeHTML(title)}</text>`))
    ).toEqual([])
  }
)

describe('a picture of a board', () => {
  const failing = (value: number): QueryAnswer['series'] => [{ labels: {}, samples: [[60, value]] }]

  test('shows a number in the color of the step that it reaches', () => {
    expect(drawnWith('Failing', failing(0))).toContain('fill="#56a64b" text-anchor="middle">0</text>')
    expect(drawnWith('Failing', failing(3))).toContain('fill="#e02f44" text-anchor="middle">3</text>')
  })

  test('shows a series only while it has samples', () => {
    const red = /fill="#e02f44" fill-opacity="0.8"|fill="#e02f44"[^>]*opacity="0.8"/g
    const cases = (...samples: [number, number][]) =>
      drawnWith('Cases', [{ labels: { target: 'prod/a/b', case: 'no-route' }, samples }]).match(red)?.length ?? 0
    expect(cases([10, 1])).toBe(1)
    expect(cases([10, 1], [20, 1], [50, 1])).toBe(2)
  })

  test('has the words of the board where there is no answer', () => {
    expect(drawnWith('Cases', [])).toContain('>All hosts were healthy</text>')
  })

  test('escapes what a label holds', () => {
    const labels = { target: '<script>', case: 'no-route' }
    expect(drawnWith('Cases', [{ labels, samples: [[10, 1]] }])).not.toContain('<script>')
  })
})
