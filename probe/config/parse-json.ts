import { createScanner, printParseErrorCode, visit } from 'jsonc-parser'
import { configLimits } from '../schema/limits.ts'
import { ConfigError } from '../schema/read.ts'

/**
 * Parses JSON. V8 reports one mistake and quotes the text around it, which may be a password; so lines and columns are looked
 * for by another parser. That one finds repeated keys as well, of which V8 takes the last.
 *
 * @throws ConfigError with one line for each mistake
 */
export function parseJson(written: string, where: string): unknown {
  const mistakes = nestsTooDeep(written)
    ? [`is nested deeper than ${configLimits.depth} levels. Check whether it is the right file.`]
    : mistakesIn(written)
  if (mistakes.length > 0) throw new ConfigError(mistakes.map(mistake => `${where}: ${mistake}`))
  try {
    return JSON.parse(written)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw new ConfigError([`${where}: is not JSON. Check its quotes, commas and brackets.`])
  }
}

/** The first mistake of syntax, which may well be the reason for those after it; else every key that is repeated. */
function mistakesIn(written: string): readonly string[] {
  const repeated: string[] = []
  let malformed: string | undefined
  const open: Set<string>[] = []
  const at = (line: number, column: number) => `line ${line + 1}, column ${column + 1}`
  visit(
    written,
    {
      onObjectBegin: () => {
        open.push(new Set())
      },
      onObjectProperty: (key, _offset, _length, line, column) => {
        const keys = open.at(-1)
        if (keys?.has(key)) repeated.push(`${at(line, column)}: repeats a key of the same object. Remove one.`)
        keys?.add(key)
      },
      onObjectEnd: () => {
        open.pop()
      },
      onError: (code, _offset, _length, line, column) => {
        malformed ??= `${at(line, column)}: is not JSON: ${wrong[printParseErrorCode(code)]}`
      }
    },
    { disallowComments: true, allowTrailingComma: false }
  )
  return malformed === undefined ? repeated : [malformed]
}

/** The parser calls itself for each level, so that they are counted before it runs. */
function nestsTooDeep(written: string): boolean {
  const scanner = createScanner(written, true)
  let depth = 0
  while (scanner.getPosition() < written.length) {
    scanner.scan()
    const first = written[scanner.getTokenOffset()]
    if (first === '{' || first === '[') depth += 1
    if (first === '}' || first === ']') depth -= 1
    if (depth > configLimits.depth) return true
  }
  return false
}

const wrong: Readonly<Record<ReturnType<typeof printParseErrorCode>, string>> = {
  InvalidSymbol: 'this word needs quotes. Write text in double quotes.',
  InvalidNumberFormat: 'the number is malformed. Write digits without leading zeros.',
  PropertyNameExpected: 'a key is missing. Write a key in double quotes, or remove the comma before it.',
  ValueExpected: 'a value is missing. Write one, or remove the comma before it.',
  ColonExpected: 'a colon is missing. Write one between key and value.',
  CommaExpected: 'a comma is missing. Write one between two entries.',
  CloseBraceExpected: 'a closing brace is missing. Check whether the file was written to its end.',
  CloseBracketExpected: 'a closing bracket is missing. Check whether the file was written to its end.',
  EndOfFileExpected: 'text follows the end. Keep one object.',
  InvalidCommentToken: 'comments are not allowed. Remove it, or write the config in YAML.',
  UnexpectedEndOfComment: 'comments are not allowed. Remove it, or write the config in YAML.',
  UnexpectedEndOfString: 'a closing quote is missing. Write one on the same line.',
  UnexpectedEndOfNumber: 'the number ends too early. Write all its digits.',
  InvalidUnicode: 'the escape is malformed. Write four hexadecimal digits behind \\u.',
  InvalidEscapeCharacter: 'the escape is not known. Write a backslash as \\\\.',
  InvalidCharacter: 'a control character is not allowed. Write it as an escape.',
  '<unknown ParseErrorCode>': 'the text is malformed. Check its quotes, commas and brackets.'
}
