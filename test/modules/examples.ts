import { codeBlocksOf, pages } from '../support/pages.ts'

/** What an example adds to, and how it is tested: the word behind `ts` of its block. */
export const exampleKinds = [
  'environment',
  'aws',
  'aws-adoption',
  'aws-endpoint',
  'aws-by-api',
  'gcp',
  'gcp-adoption',
  'gcp-endpoint',
  'gcp-by-api'
] as const
export type ExampleKind = (typeof exampleKinds)[number]

/** The examples of one kind in the pages of the modules: lines of a literal, as a person would add them. */
export function examples(kind: ExampleKind): readonly string[] {
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
