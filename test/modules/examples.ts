import { codeBlocksOf, pages } from '../support/pages.ts'

/** The examples of one kind in the pages of the modules: lines of a literal, as a person would add them. */
export function examples(kind: string): readonly string[] {
  return pages
    .filter(page => page.startsWith('modules/'))
    .flatMap(codeBlocksOf)
    .filter(block => block.kind === `ts ${kind}`)
    .map(({ code }) => code)
}

/** The object that an example adds to a literal. */
export function additions(code: string): object {
  return Function(`return {${code}}`)()
}
