import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'

const pages = execFileSync('git', ['ls-files', '*.md', ':!test/third-cloud/files'], { encoding: 'utf8' })
  .split('\n')
  // A page that was removed stays in the list until that is committed.
  .filter(page => page !== '' && existsSync(page))

const withoutCode = (page: string) => readFileSync(page, 'utf8').replaceAll(/^( *)```[\s\S]*?^\1```/gm, '')

/** The anchor that GitHub gives a heading. */
const anchor = (heading: string) =>
  heading
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}_ -]/gu, '')
    .replaceAll(' ', '-')

const anchorsOf = (page: string) =>
  [...withoutCode(page).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => anchor(heading))

for (const page of pages) {
  test(`every link in ${page} to this project leads to a file or folder, and to a heading that is there`, () => {
    const links = [...withoutCode(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link)
    const dead = links.filter(link => {
      if (/^[a-z]+:/.test(link)) return false
      const [path = '', heading] = link.split('#')
      const to = path === '' ? page : join(dirname(page), path)
      return !existsSync(to) || (heading !== undefined && !anchorsOf(to).includes(heading))
    })
    expect(dead).toEqual([])
  })
}
