import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import type { Family } from '../../../probe/metrics/exposition.ts'
import { gzipOf } from '../../../probe/metrics/gzip.ts'
import { keepPages } from '../../../probe/metrics/pages.ts'

const families: readonly Family<number>[] = ['first', 'second'].map(name => ({
  name,
  type: 'gauge',
  help: '',
  labels: [],
  samples: (value, line) => line(value)
}))

function read(pages: ReturnType<typeof keepPages<number>>) {
  return pages.pieces().map(pieces => gunzipSync(gzipOf(pieces)).toString())
}

/** As many targets as fill several pages. */
const names = Array.from({ length: 50 }, (_, index) => `t${index}`)
const lines = (family: string, values: Iterable<readonly [string, number]>) =>
  Array.from(values, ([name, value]) => `${family}{target="${name}"} ${value}\n`).join('')

test('each family has the samples of all targets, in the order in which they came', () => {
  const pages = keepPages(families, 0)
  expect(read(pages)).toEqual(['', ''])
  const values = new Map(names.map((name, index) => [name, index]))
  for (const [name, value] of values) pages.set(name, value)
  expect(read(pages)).toEqual([lines('first', values), lines('second', values)])
})

test('what has changed is there once it has settled, and reading it writes nothing', async () => {
  let written = 0
  const counted = families.map(family => ({
    ...family,
    samples: (...[value, line]: Parameters<typeof family.samples>) => {
      written += 1
      return family.samples(value, line)
    }
  }))
  const pages = keepPages(counted, 20)
  for (const name of names) pages.set(name, 0)
  expect([read(pages), written]).toEqual([['', ''], 0])
  for (const name of names) pages.set(name, 1)
  const after = names.map(name => [name, 1] as const)
  await expect.poll(() => read(pages)).toEqual([lines('first', after), lines('second', after)])
  expect(written).toBe(2 * names.length)
  pages.set('t0', 2)
  expect(read(pages)[0]).toMatch(/^first\{target="t0"\} 1\n/)
  await expect.poll(() => read(pages)[0]).toMatch(/^first\{target="t0"\} 2\n/)
})

test('a page that is gone before it has settled is not written', async () => {
  const pages = keepPages(families, 20)
  pages.set('t', 1)
  pages.delete('t')
  pages.set('u', 2)
  await expect.poll(() => read(pages)).toEqual([lines('first', [['u', 2]]), lines('second', [['u', 2]])])
})

test('a target that is gone leaves nothing behind, and makes room for another', () => {
  const pages = keepPages(families, 0)
  for (const name of names) pages.set(name, 0)
  read(pages)
  for (const name of names.slice(1)) pages.delete(name)
  pages.delete('never came')
  pages.set('new', 2)
  expect(read(pages)).toEqual([
    lines('first', [
      ['t0', 0],
      ['new', 2]
    ]),
    lines('second', [
      ['t0', 0],
      ['new', 2]
    ])
  ])
})
