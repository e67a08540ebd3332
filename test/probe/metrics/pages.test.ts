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

async function read(pages: ReturnType<typeof keepPages<number>>) {
  return (await pages.pieces()).map(pieces => gunzipSync(gzipOf(pieces)).toString())
}

/** As many targets as fill several pages. */
const names = Array.from({ length: 50 }, (_, index) => `t${index}`)
const lines = (family: string, values: Iterable<readonly [string, number]>) =>
  Array.from(values, ([name, value]) => `${family}{target="${name}"} ${value}\n`).join('')

test('each family has the samples of all targets, in the order in which they came', async () => {
  const pages = keepPages(families)
  expect(await read(pages)).toEqual(['', ''])
  const values = new Map(names.map((name, index) => [name, index]))
  for (const [name, value] of values) pages.set(name, value)
  expect(await read(pages)).toEqual([lines('first', values), lines('second', values)])
})

test('what is read is as it is at that moment, also while it is written', async () => {
  const pages = keepPages(families)
  for (const name of names) pages.set(name, 0)
  const before = read(pages)
  for (const name of names) pages.set(name, 1)
  const after = names.map(name => [name, 1] as const)
  expect(await read(pages)).toEqual([lines('first', after), lines('second', after)])
  await before
})

test('a target that is gone leaves nothing behind, and makes room for another', async () => {
  const pages = keepPages(families)
  for (const name of names) pages.set(name, 0)
  await read(pages)
  for (const name of names.slice(1)) pages.delete(name)
  pages.delete('never came')
  pages.set('new', 2)
  expect(await read(pages)).toEqual([
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

test('what depends on less than everything is written anew when that changes, and only then', async () => {
  const written: number[] = []
  const tens: Family<number> = {
    name: 'tens',
    type: 'gauge',
    help: '',
    labels: [],
    dependsOn: value => Math.floor(value / 10),
    samples: (value, line) => {
      written.push(value)
      return line(Math.floor(value / 10))
    }
  }
  const pages = keepPages([tens])
  for (const value of [1, 2, 11, 12]) {
    pages.set('t', value)
    expect(await read(pages)).toEqual([`tens{target="t"} ${Math.floor(value / 10)}\n`])
  }
  expect(written).toEqual([1, 11])
  pages.set('u', 13)
  expect(await read(pages)).toEqual(['tens{target="t"} 1\ntens{target="u"} 1\n'])
})
