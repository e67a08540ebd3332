import { readFileSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { expect, test } from 'vitest'
import { pages } from './support/pages.ts'

const guides = pages.filter(page => basename(dirname(page)) === 'guides')

/** The title of a page and the text below it. */
const beginning = (page: string) =>
  readFileSync(page, 'utf8')
    .split('\n\n')
    .slice(0, 2)
    .map(each => each.replaceAll('\n', ' '))

test.for(guides)('%s begins with what it is, and who it is for', page => {
  const [title, first = ''] = beginning(page)
  expect(title).toMatch(/^# \S.+[^.]$/)
  expect(first).toMatch(
    /\b(?:for|of)\b (?:\S+ ){0,6}?(?:people|operators|developers|engineers?|administrators|contributors|reviewers|clients|person|SREs?|whoever)\b/i
  )
})

test.for(guides)('%s is in the list of its room', page => {
  const room = dirname(dirname(page))
  expect(readFileSync(`${room}/README.md`, 'utf8')).toContain(`](guides/${basename(page)}`)
})

test('there are guides in each room', () => {
  for (const room of ['modules', 'probe', 'dashboards'])
    expect(guides.filter(page => page.startsWith(`${room}/`)).length, room).toBeGreaterThan(2)
})
