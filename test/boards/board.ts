import { readFileSync } from 'node:fs'
import { z } from 'zod'

/** Values as text in a color. */
export const Mappings = z.array(
  z.object({ options: z.record(z.string(), z.object({ text: z.string(), color: z.string() })) })
)

/** Colors, each from its value up. */
export const Thresholds = z.object({ steps: z.array(z.object({ value: z.number().nullable(), color: z.string() })) })

/** A panel of a board, as far as it can be drawn. */
const GrafanaPanel = z.looseObject({
  type: z.enum(['row', 'stat', 'table', 'timeseries', 'state-timeline']),
  title: z.string(),
  gridPos: z.object({ x: z.number(), y: z.number(), w: z.number(), h: z.number() }),
  targets: z
    .array(
      z.looseObject({
        expr: z.string(),
        refId: z.string(),
        legendFormat: z.string().default(''),
        instant: z.boolean().default(false)
      })
    )
    .default([]),
  fieldConfig: z
    .looseObject({
      defaults: z
        .looseObject({
          unit: z.string().optional(),
          decimals: z.number().optional(),
          noValue: z.string().optional(),
          max: z.number().optional(),
          mappings: Mappings.default([]),
          thresholds: Thresholds.optional(),
          custom: z.looseObject({ drawStyle: z.string().optional() }).prefault({})
        })
        .prefault({}),
      overrides: z
        .array(
          z.object({
            matcher: z.object({ options: z.string() }),
            properties: z.array(z.object({ id: z.string(), value: z.unknown() }))
          })
        )
        .default([])
    })
    .prefault({}),
  transformations: z.array(z.looseObject({ id: z.string(), options: z.looseObject({}).default({}) })).default([])
})
export type GrafanaPanel = z.output<typeof GrafanaPanel>

const GrafanaBoard = z.looseObject({ title: z.string(), panels: z.array(GrafanaPanel) })
export type GrafanaBoard = z.output<typeof GrafanaBoard>

/** The boards in the repository, by the name of their file. */
export const boardNames = ['overview', 'target'] as const
export type BoardName = (typeof boardNames)[number]

/** A board as Grafana would read it. */
export function readBoard(name: BoardName): GrafanaBoard {
  return GrafanaBoard.parse(JSON.parse(readFileSync(`dashboards/generated/${name}.json`, 'utf8')))
}
