import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { execa } from 'execa'
import { split } from 'shlex'
import { describe, expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { exampleKinds } from './modules/examples.ts'
import { type CodeBlock, codeBlocksOf, pages } from './support/pages.ts'

const blocks = pages.flatMap(codeBlocksOf)
const where = ({ page, line }: CodeBlock) => `${page}:${line}`

/** Kinds of blocks that this file checks. */
const checkedHere: readonly RegExp[] = [/^sh$/, /^yaml\b/, /^json\b/]

/** Other kinds, by the test that runs or reads each block of it, and the pages that it reads. */
const checkedElsewhere: readonly { readonly kind: RegExp; readonly pages: RegExp; readonly by: string }[] = [
  { kind: /^mermaid$/, pages: /./, by: 'test/diagrams.test.ts' },
  {
    kind: new RegExp(`^ts (?:${exampleKinds.join('|')})$`),
    pages: /^modules\//,
    by: 'test/modules/options.test.ts'
  },
  { kind: /^ts(?: own-stack)?$/, pages: /^README\.md$/, by: 'test/readme.test.ts' },
  { kind: /^ts own-stack-\w+$/, pages: /use-in-your-own-stack/, by: 'test/modules/constructs/guide.test.ts' },
  { kind: /^diff$/, pages: /deploy-without-an-api-key/, by: 'test/readme.test.ts' },
  { kind: /^$/, pages: /develop\.md$/, by: 'test/readme.test.ts' },
  { kind: /^(?:named|unbound|dnsmasq)$/, pages: /on-premises/, by: 'test/lab/on-premises.test.ts' },
  { kind: /^text$/, pages: /^probe\/guides\/diagnose\.md$/, by: 'test/lab/doctor.long.test.ts' },
  { kind: /^text$/, pages: /^README\.md$/, by: 'test/readme.test.ts' }
]

/** Blocks that nothing runs or reads. The page of measurements names each. */
const notRun: readonly { readonly kind: RegExp; readonly pages: RegExp; readonly as: string }[] = [
  { kind: /^powershell$/, pages: /on-premises/, as: 'on-premises.md' },
  { kind: /^text$/, pages: /^modules\/guides\/deploy\.md$/, as: 'deploy.md' },
  { kind: /^text$/, pages: /^dashboards\/README\.md$/, as: 'dashboards/README.md' }
]

test('every code block has a kind that a test checks, or is listed as not run', () => {
  const known = [...checkedElsewhere, ...notRun, ...checkedHere.map(kind => ({ kind, pages: /./ }))]
  const unknown = blocks.filter(({ kind, page }) => !known.some(each => each.kind.test(kind) && each.pages.test(page)))
  expect(unknown.map(block => `${where(block)}: "${block.kind}"`)).toEqual([])
  expect(blocks.length).toBeGreaterThan(100)
})

test('every test that is said to check blocks is there, and every exception is still needed and listed once', () => {
  const listed =
    readFileSync('modules/guides/measurements.md', 'utf8').split('## Code blocks that do not run\n')[1] ?? ''
  for (const { by } of checkedElsewhere) expect(readFileSync(by, 'utf8')).toMatch(/\btest(?:\(|\.for|With)/)
  for (const { kind, pages: of, as } of notRun) {
    expect(blocks.some(block => kind.test(block.kind) && of.test(block.page))).toBe(true)
    expect(listed).toContain(`[${as}]`)
  }
})

const shell = blocks.filter(({ kind }) => kind === 'sh')

/** What Bash says of a script that it only reads, with a word in place of each `<placeholder>`. */
const readByBash = (code: string) =>
  spawnSync('bash', ['-n'], { input: code.replaceAll(/<[a-z][a-z -]*>/g, 'word'), encoding: 'utf8' }).stderr

test('Bash reads every block of shell', () => {
  expect(
    shell.flatMap(block =>
      readByBash(block.code)
        .split('\n')
        .filter(Boolean)
        .map(line => `${where(block)}: ${line}`)
    )
  ).toEqual([])
  expect(shell.length).toBeGreaterThan(50)
  expect(readByBash('if true; then echo')).toContain('unexpected end of file')
})

/** The commands of this project in a script, as words. */
function commandsIn(code: string): readonly (readonly string[])[] {
  return code
    .replaceAll('\\\n', ' ')
    .split('\n')
    .filter(line => /zilliz-privatelink [a-z]|npm run /.test(line))
    .flatMap(line => line.replace(/(?:^| )#.*$/, '').split(/ (?:&&|\|\||[|;&]) /))
    .map(line => split(line))
}

/** A command of this project as a page has it, and the options that it is given. */
interface OwnCommand {
  readonly at: string
  readonly command: string
  readonly options: readonly string[]
}

const own: readonly OwnCommand[] = shell.flatMap(block =>
  commandsIn(block.code).flatMap(words => {
    const script = words.findIndex((word, index) => word === 'zilliz-privatelink' && words[index - 1] !== 'install')
    const start =
      script === -1 ? words.findIndex((word, index) => word === 'run' && words[index - 1] === 'npm') : script
    const [command, ...rest] = start === -1 ? [] : words.slice(start + 1)
    if (command === undefined) return []
    const options = rest.filter(word => /^--\w/.test(word)).map(word => word.split('=')[0] ?? '')
    return [{ at: where(block), command, options }]
  })
)

describe('an option of a command in a block of shell is one that the command has', async () => {
  const { stdout } = await execa(process.execPath, ['modules/cli/commands.ts', '--help'])
  const ours = new Set(Array.from(stdout.matchAll(/^ {2}([a-z-]+) {2,}/gm), ([, name = '']) => name))
  const used = Map.groupBy(
    own.filter(({ command, options }) => ours.has(command) && options.length > 0),
    ({ command }) => command
  )

  test.for([...used])('%s', async ([command, all]) => {
    const help = await execa(process.execPath, [
      '--disable-warning=DEP0044',
      'modules/cli/commands.ts',
      command,
      '--help'
    ])
    const known = new Set(Array.from(help.stdout.matchAll(/--[a-z][\w-]*/g), ([option]) => option))
    const wrong = all.flatMap(({ at, options }) =>
      options.filter(option => !known.has(option)).map(option => `${at}: ${option}`)
    )
    expect(wrong).toEqual([])
  })

  test('doctor and deploy are among them', () => {
    expect([...used.keys()]).toEqual(expect.arrayContaining(['doctor', 'deploy']))
  })
})

test('every block of YAML and JSON is read without a mistake or a warning', () => {
  const data = blocks.filter(({ kind }) => /^(?:yaml|json)\b/.test(kind))
  const mistakes = data.flatMap(block =>
    block.kind.startsWith('json')
      ? mistakeOf(() => JSON.parse(block.code))
      : parseAllDocuments(block.code).flatMap(({ errors, warnings }) =>
          [...errors, ...warnings].map(each => `${where(block)}: ${each.message}`)
        )
  )
  expect(mistakes).toEqual([])
  expect(data.length).toBeGreaterThan(8)
})

function mistakeOf(read: () => unknown): readonly string[] {
  try {
    read()
    return []
  } catch (error) {
    return [String(error)]
  }
}
