import { expect } from 'vitest'
import { stringify } from 'yaml'
import { availability, availabilityRules, longStep, longStepRules } from '../../dashboards/alerts/availability.ts'
import { settings } from '../../dashboards/settings.ts'
import { testRules } from '../support/promtool.ts'
import { testWith } from '../support/test-with.ts'

const test = testWith('promtool')

const stepSeconds = settings.evaluationSeconds
const day = 86_400
/** Scrapes and evaluations never fall on the same millisecond; here they would, so no scrape is on the boundary of two steps. */
const boundarySeconds = 1800
type Sample = 0 | 1 | 'none' | 'ends'

/**
 * What a probe exports of one target in 31 days: times in which the link works and fails, in which a verdict is held, and in which no probe
 * runs. On the first day it always fails, which thirty days later no longer counts.
 */
function month(seed: number): readonly Sample[] {
  let state = seed
  const random = (below: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31
    return Math.floor((state / 2 ** 31) * below)
  }
  const samples: Sample[] = Array.from({ length: day / stepSeconds }, (_, at) => (at < 8000 ? 0 : 'none'))
  while (samples.length < (31 * day) / stepSeconds) {
    const sample = ([1, 1, 1, 0, 'none'] as const)[random(5)] ?? 1
    for (let times = 1 + random(900); times > 0; times--) samples.push(sample)
  }
  return samples.map((sample, at) => {
    if ((at * stepSeconds) % boundarySeconds === 0) return 'none'
    return sample === 'none' && typeof samples[at - 1] === 'number' ? 'ends' : sample
  })
}

/** The notation of promtool, where each run of equal samples is one word. */
function written(samples: readonly Sample[]): string {
  const words: string[] = []
  for (let at = 0; at < samples.length; ) {
    const sample = samples[at]
    let after = at
    while (samples[after] === sample) after++
    const [repeated, once] = sample === 'none' ? [`_x${after - at}`, '_'] : [`${sample}x${after - at - 1}`, `${sample}`]
    words.push(...(sample === 'ends' ? Array(after - at).fill('stale') : [after - at === 1 ? once : repeated]))
    at = after
  }
  return words.join(' ')
}

test('the share of thirty days is exactly that of all samples, through gaps, held verdicts and probes that restart', async () => {
  const views = { 'probe-a': month(1), 'probe-b': month(2) }
  const counted = Object.values(views).flatMap(samples => samples.slice(day / stepSeconds, (31 * day) / stepSeconds))
  const up = counted.filter(sample => sample === 1).length
  const judged = counted.filter(sample => typeof sample === 'number').length
  const labels = 'target="prod/search/in01-1",environment="prod",cloud="aws"'
  const output = await testRules({
    rules: stringify({ groups: [{ name: 'availability', rules: [...longStepRules(), ...availabilityRules()] }] }),
    stepSeconds,
    evaluationSeconds: boundarySeconds,
    series: Object.fromEntries(
      Object.entries(views).map(([instance, samples]) => [
        `privatelink_up{job="privatelink",instance="${instance}",${labels}}`,
        written(samples)
      ])
    ),
    expect: [{ at: '31d', query: availability('30d'), gives: [`${availability('30d')}{${labels}} ${up / judged}`] }]
  })
  expect(output).toBe('')
  expect(longStep).toBe(`${boundarySeconds / 60}m`)
})
