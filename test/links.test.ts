import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import packageFile from '../package.json' with { type: 'json' }
import { pages } from './support/pages.ts'

const withoutCode = (page: string) => readFileSync(page, 'utf8').replaceAll(/^( *)```[\s\S]*?^\1```/gm, '')

/** The anchor that GitHub gives a heading. */
const anchor = (heading: string) =>
  heading
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}_ -]/gu, '')
    .replaceAll(' ', '-')

/** The anchors of a page. GitHub numbers those of a heading that is there before. */
function anchorsOf(page: string): readonly string[] {
  const headings = [...withoutCode(page).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => anchor(heading))
  return headings.map((each, index) => {
    const before = headings.slice(0, index).filter(other => other === each).length
    return before === 0 ? each : `${each}-${before}`
  })
}

const linksOf = (page: string) => [...withoutCode(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link)

for (const page of pages) {
  test(`every link in ${page} to this project leads to a file or folder, and to a heading that is there`, () => {
    const dead = linksOf(page).filter(link => {
      if (/^[a-z]+:/.test(link)) return false
      const [path = '', heading] = link.split('#')
      const to = path === '' ? page : join(dirname(page), path)
      return !existsSync(to) || (heading !== undefined && !anchorsOf(to).includes(heading))
    })
    expect(dead).toEqual([])
  })
}

test('every link in a runbook points to a file of the package, because alerts link to the runbooks there', () => {
  const runbooks = pages.filter(page => page.startsWith('dashboards/runbooks/'))
  expect(runbooks.length).toBeGreaterThan(20)
  const dead = runbooks.flatMap(page =>
    linksOf(page)
      .filter(link => !/^[a-z]+:|^#/.test(link))
      .map(link => join(dirname(page), link.split('#')[0] ?? ''))
      .filter(to => !packageFile.files.some(folder => to.startsWith(`${folder}/`)))
  )
  expect(dead).toEqual([])
})
