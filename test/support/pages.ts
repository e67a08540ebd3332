import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'

/** Every page of the project in Markdown, from the root of the repository. The pages of the invented cloud are not among them. */
export const pages: readonly string[] = execFileSync(
  'git',
  ['ls-files', '--cached', '--others', '--exclude-standard', '*.md', ':!test/third-cloud/files'],
  { encoding: 'utf8' }
)
  .split('\n')
  // A page that was removed stays in the list until that is committed.
  .filter(page => page !== '' && existsSync(page))

/** A code block of a page. */
export interface CodeBlock {
  readonly page: string
  /** The line of the page on which it begins. */
  readonly line: number
  /** What is written behind its fence: its language, and what else it is. `ts aws`. Nothing, if nothing is. */
  readonly kind: string
  /** Without the indent of the list that it may be in. */
  readonly code: string
}

/** The code blocks of a page, in their order. */
export function codeBlocksOf(page: string): readonly CodeBlock[] {
  const text = readFileSync(page, 'utf8')
  return Array.from(
    text.matchAll(/^( *)```(.*)\n([\s\S]*?)^ *```$/gm),
    ({ index, 1: indent = '', 2: kind = '', 3: code = '' }) => ({
      page,
      line: text.slice(0, index).split('\n').length,
      kind,
      code: code.replaceAll(new RegExp(`^${indent}`, 'gm'), '')
    })
  )
}
