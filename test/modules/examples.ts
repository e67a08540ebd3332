import { readFileSync } from 'node:fs'
import { pages } from '../../modules/reference.ts'

/** The reference of options: every page of it. */
export const reference = Object.keys(pages).map(path => ({ path, text: readFileSync(path, 'utf8') }))

/** The examples of one kind: lines of a literal, as a person would add them. */
export function examples(kind: string): readonly string[] {
  const blocks = reference.flatMap(({ text }) => [
    ...text.matchAll(new RegExp(`^( *)\`\`\`ts ${kind}\n([\\s\\S]*?)^ *\`\`\``, 'gm'))
  ])
  return blocks.map(([, indent, code = '']) => code.replaceAll(new RegExp(`^${indent}`, 'gm'), ''))
}

/** The object that an example adds to a literal. */
export function additions(code: string): object {
  return Function(`return {${code}}`)()
}
