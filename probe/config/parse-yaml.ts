import { configLimits } from '../schema/limits.ts'
import { ConfigError } from '../schema/read.ts'

/**
 * Parses one YAML document (core schema of YAML 1.2, with merge keys). The parser's own messages quote the text around a
 * mistake, which may be a password, so that each has words of ours.
 *
 * @throws ConfigError with the first mistake
 */
export async function parseYaml(written: string, where: string): Promise<unknown> {
  // Loaded when needed, for a deploy's outputs are JSON.
  const { CORE_SCHEMA, loadAll, mergeTag, YAMLException } = await import('js-yaml')
  try {
    const documents = loadAll(written, {
      schema: CORE_SCHEMA.withTags(mergeTag),
      maxDepth: configLimits.depth,
      maxAliases: configLimits.aliases,
      maxTotalMergeKeys: configLimits.mergedKeys
    })
    // What follows a last `---` is a document without a value.
    const held = documents.filter(document => document !== null)
    if (held.length > 1) {
      throw new ConfigError([
        `${where}: holds ${held.length} YAML documents. Write all in one, without --- between them.`
      ])
    }
    return held[0]
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error
    throw new ConfigError([`${where}: ${lineOf(written, error.mark?.position)}${wordsFor(error.reason)}`])
  }
}

function lineOf(written: string, position: number | undefined): string {
  if (position === undefined) return ''
  const before = written.slice(0, position).split('\n')
  return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}: `
}

/** Words for what the parser says, by how it begins. */
const words: readonly (readonly [reason: RegExp, words: string])[] = [
  [/^unknown \w+ tag|^cannot resolve a node with/, 'has a tag (!). Tags are not supported: write the value itself.'],
  [/^undeclared tag handle|^tag |^named tag handle/, 'has a tag (!). Tags are not supported: write the value itself.'],
  [/^duplicated mapping key/, 'repeats a key of the same object. Remove one.'],
  [/^unidentified alias/, 'has an alias (*) without an anchor (&) before it. Quote a value that begins with *.'],
  [/^cannot merge/, 'merges (<<) what is no object. Give an alias of an object.'],
  [/^aliases exceeded/, `is the alias after the first ${configLimits.aliases}. Write the values out.`],
  [/^merge keys exceeded/, `merges more than ${configLimits.mergedKeys} keys. Write the values out.`],
  [/^nesting exceeded/, `is nested deeper than ${configLimits.depth} levels. Check whether it is the right file.`],
  [/complex keys/, 'has a list or an object for a key. Write a text.'],
  [/^tab characters/, 'is indented with a tab. Use spaces.'],
  [/indentation/, 'is indented unlike the lines before it. Check its spaces, and quotes that are not closed.'],
  [/non-printable|null byte/, 'has a control character. Check whether it is the right file.'],
  [/quoted scalar/, 'ends before a quote is closed. Close it.'],
  [/flow collection|missed comma/, 'lacks a comma or a closing bracket. Add it.'],
  [
    /^end of the stream or a document separator/,
    'has text where nothing can follow. Quote a value that has a colon or #.'
  ],
  [/multiline key|':' after a mapping key/, 'lacks a colon and a space behind a key. Add them.'],
  [/directive|YAML version/, 'has a directive (%) that is not known. Remove it.']
]

function wordsFor(reason: string): string {
  const [, found = 'is not YAML. Check its quotes, colons, brackets and spaces.'] =
    words.find(([pattern]) => pattern.test(reason)) ?? []
  return found
}
