import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'

/** The pages of the modules, in which examples are. */
const pages = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', 'modules/*.md'], {
  encoding: 'utf8'
})
  .split('\n')
  // A page that was removed stays in the list until that is committed.
  .filter(page => page !== '' && existsSync(page))
  .map(page => readFileSync(page, 'utf8'))

/** The examples of one kind: lines of a literal, as a person would add them. */
export function examples(kind: string): readonly string[] {
  const blocks = pages.flatMap(text => [
    ...text.matchAll(new RegExp(`^( *)\`\`\`ts ${kind}\n([\\s\\S]*?)^ *\`\`\``, 'gm'))
  ])
  return blocks.map(([, indent, code = '']) => code.replaceAll(new RegExp(`^${indent}`, 'gm'), ''))
}

/** The object that an example adds to a literal. */
export function additions(code: string): object {
  return Function(`return {${code}}`)()
}
