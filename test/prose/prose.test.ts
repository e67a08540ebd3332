import { execFile, execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createLinter, loadTextlintrc } from 'textlint'
import { describe, expect, test } from 'vitest'
import type { Case, Finding } from '../../probe/cases/case.ts'
import { type CaseId, catalogue } from '../../probe/cases/catalogue.ts'
import { type FindingId, findings } from '../../probe/cases/findings.ts'
import { symptomWords } from '../../probe/cases/symptoms.ts'
import { allClouds } from '../../probe/clouds.ts'
import { commandFiles } from '../../probe/command/how-started.ts'
import { targetFamilies } from '../../probe/metrics/target-families.ts'
import { impairments } from '../../probe/suspicion/impairments.ts'
import { stepsFor, stepsForCause } from '../../probe/words/remedy.ts'

const root = join(import.meta.dirname, '../..')
const run = promisify(execFile)
const linter = createLinter({
  descriptor: await loadTextlintrc({ configFilePath: join(import.meta.dirname, 'textlintrc.json') })
})

/** What the rules find in a text, a line each. */
async function problems(text: string): Promise<readonly string[]> {
  const { messages } = await linter.lintText(text, 'text.md')
  return messages.map(({ line, message }) => `${line}: ${message}`)
}

/** What the rules find in several texts, a line each with its text. */
async function problemsOfEach(texts: readonly string[]): Promise<readonly string[]> {
  const found = await Promise.all(
    [...new Set(texts)].map(async text => (await problems(text)).map(problem => `${text} — ${problem}`))
  )
  return found.flat()
}

/** Every `description` in a schema. */
function descriptionsIn(schema: unknown): readonly string[] {
  if (typeof schema !== 'object' || schema === null) return []
  return Object.entries(schema).flatMap(([key, value]) =>
    key === 'description' && typeof value === 'string' ? [value] : descriptionsIn(value)
  )
}

const tracked = (...patterns: readonly string[]) =>
  execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', ...patterns], {
    cwd: root,
    encoding: 'utf8'
  })
    .split('\n')
    .filter(file => file !== '')

const read = (file: string) => readFileSync(join(root, file), 'utf8')

/** What the docstrings of a source file say, as prose: without tags' names and examples. */
function docstrings(source: string): string {
  const comments = [...source.matchAll(/\/\*\*([\s\S]*?)\*\//g)].map(([, comment = '']) =>
    comment
      .replaceAll(/^\s*\* ?/gm, '')
      .replaceAll(/@example[\s\S]*$/g, '')
      .replaceAll(/@(param|returns|throws|default)\s*(\w+ )?/g, '\n\n')
      .replaceAll(/\{@link (\w+)\}/g, '`$1`')
  )
  return comments.join('\n\n')
}

const sources = tracked('*.ts', ':!test/**').filter(file => docstrings(read(file)) !== '')
const pages = tracked('*.md')
const textOf = (file: string) => (file.endsWith('.md') ? read(file) : docstrings(read(file)))

describe('what people read follows the rules for prose', () => {
  test.for([...pages, ...sources])('%s', async file => {
    expect(await problems(textOf(file))).toEqual([])
  })

  test('meanings, remedies, causes, symptoms, impairments and the help of metrics', async () => {
    const pod = { name: 'checkout-x2x9p', namespace: 'shop', ndots: 5 }
    const entries: readonly (Case<CaseId> | Finding<FindingId>)[] = [...catalogue, ...findings]
    const texts = [
      ...entries.flatMap(entry => [
        entry.meaning,
        ...allClouds.flatMap(({ example }) =>
          stepsFor(entry, example, pod).flatMap(({ cause, do: action }) =>
            cause === undefined ? [action] : [cause, action]
          )
        )
      ]),
      ...impairments.flatMap(({ meaning, remedy }) => [meaning, remedy]),
      ...targetFamilies.map(({ help }) => help),
      ...allClouds.flatMap(({ configuration, example }) =>
        configuration.causes.flatMap(({ id, title }) => {
          const cause = { ruling: 'confirmed', id, title, text: title, about: [], isCandidate: true } as const
          return [title, ...stepsForCause(cause, example).map(step => step.do)]
        })
      ),
      ...Object.values(symptomWords)
    ]
    expect(await problemsOfEach(texts)).toEqual([])
  })

  test('the descriptions of the config and of the API', async () => {
    const texts = ['probe/config.schema.json', 'probe/openapi.json'].flatMap(file =>
      descriptionsIn(JSON.parse(read(file)))
    )
    expect(texts.length).toBeGreaterThan(80)
    expect(await problemsOfEach(texts)).toEqual([])
  })

  test('what the log of the probe says', async () => {
    const texts = tracked('probe/*.ts').flatMap(file =>
      [...read(file).matchAll(/\blog\.(?:info|warn|error|fatal)\([^'`\n]*['`]([^'`\n]+)['`]\)/g)].map(
        ([, text = '']) => text
      )
    )
    expect(texts.length).toBeGreaterThan(8)
    expect(await problemsOfEach(texts)).toEqual([])
  })

  test.for(Object.entries(commandFiles))('the help of %s', async ([, file]) => {
    const { stdout } = await run(process.execPath, [file, '--help'], { cwd: root, env: { PATH: process.env.PATH } })
    // Each option begins a paragraph of its own.
    const text = stdout.replaceAll(/\n {2}(?=\S)/g, '\n\n')
    expect(text).toContain('Usage: ')
    expect(await problems(text)).toEqual([])
  })
})

test('a sentence of 31 words and a word of translated text are found', async () => {
  const words = Array.from({ length: 31 }, () => 'word').join(' ')
  expect(await problems(`${words}.`)).toEqual([expect.stringContaining('maximum word count of 30')])
  expect(await problems('The record leads to the endpoint.')).toEqual([expect.stringContaining('points to')])
  expect(await problems('The record points to the endpoint.')).toEqual([])
  expect(await problems('What a round came to.')).toEqual([expect.stringContaining('the result of')])
  expect(await problems('Rounds came to the end.')).toEqual([])
})
