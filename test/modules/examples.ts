import { readFileSync } from 'node:fs'

/** The reference of options. */
export const page = readFileSync('modules/README.md', 'utf8')

/** The examples of one kind: lines of a literal, as a person would add them. */
export function examples(kind: string): readonly string[] {
  const blocks = page.matchAll(new RegExp(`^( *)\`\`\`ts ${kind}\n([\\s\\S]*?)^ *\`\`\``, 'gm'))
  return [...blocks].map(([, indent, code = '']) => code.replaceAll(new RegExp(`^${indent}`, 'gm'), ''))
}

/** The object that an example adds to a literal. */
export function additions(code: string): object {
  return Function(`return {${code}}`)()
}
