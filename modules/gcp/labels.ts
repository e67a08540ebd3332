import { z } from 'zod'
import { shown } from '../../probe/schema/mistakes.ts'
import { shapedText } from '../../probe/schema/shaped-text.ts'
import { markKeys } from '../marks.ts'
import type { Mistake } from '../mistakes.ts'

// https://cloud.google.com/compute/docs/labeling-resources#requirements
const find = 'Google Cloud accepts up to 63 lower-case letters, digits, _ and -.'

/** Labels for every Google Cloud resource of an environment that takes labels. */
export const GcpLabels = z.record(
  shapedText({ pattern: /^[\p{Ll}\p{Lo}][\p{Ll}\p{Lo}\p{N}_-]{0,62}$/u, is: 'a label key such as cost-center', find }),
  shapedText({ pattern: /^[\p{Ll}\p{Lo}\p{N}_-]{0,63}$/u, is: 'a label value such as search-team', find })
)

/** The label of a probe's VMs, by which Prometheus finds them. */
export const probeLabel = 'privatelink-probe'

/** https://cloud.google.com/compute/docs/labeling-resources#requirements */
const mostLabels = 64

/**
 * What is wrong with the labels of an environment that are each well formed. What could not be read takes no part.
 *
 * @param links the links of the environment on Google Cloud
 */
export function labelMistakes(labels: unknown, links: Readonly<Record<string, unknown>>): readonly Mistake[] {
  const given = new Map(entriesOf(labels))
  const onEvery = [...markKeys, probeLabel, ...given.keys()]
  const reserved = given.has(probeLabel)
    ? [
        {
          path: ['labels', probeLabel],
          message: `must not be given, because Prometheus finds the VMs of a probe by it, got ${shown(given.get(probeLabel))}. Choose another key.`
        }
      ]
    : []
  const count = (more: unknown) => new Set([...onEvery, ...entriesOf(more).map(([key]) => key)]).size
  const message = (got: number) =>
    `must be at most ${mostLabels} with ${[...markKeys, probeLabel].join(', ')}, got ${got}. Remove some.`
  if (count({}) > mostLabels) return [...reserved, { path: ['labels'], message: message(count({})) }]
  const tooMany = Object.entries(links).flatMap(([name, link]) => {
    const got = count(new Map(entriesOf(link)).get('labels'))
    return got > mostLabels ? [{ path: ['links', name, 'labels'], message: message(got) }] : []
  })
  return [...reserved, ...tooMany]
}

function entriesOf(given: unknown): readonly (readonly [string, unknown])[] {
  return typeof given === 'object' && given !== null ? Object.entries(given) : []
}
