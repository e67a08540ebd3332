import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { expect, onTestFinished } from 'vitest'
import { z } from 'zod'
import { codeBlocksOf, pages } from '../support/pages.ts'
import { testWith } from '../support/test-with.ts'
import { awsCliPython } from '../support/tools.ts'

const test = testWith('awsCli')

/** What a person writes in place of a placeholder: a number for a port, and a word for everything else. */
const filledIn = (code: string) => code.replaceAll(/<[a-z-]*port>/g, '443').replaceAll(/<[a-z][a-z -]*>/g, 'word')

/** What the programs of a script print that others read. */
const changeBatch = '{"Changes": [{"Action": "DELETE", "ResourceRecordSet": {"Name": "word", "Type": "A"}}]}'

/** Commands for the AWS CLI, as words, and the folder in which they were run, with the files that they read. */
interface Commands {
  readonly directory: string
  readonly commands: readonly (readonly string[])[]
}

/**
 * The commands that scripts give the AWS CLI. Bash runs each script, and finds no program but functions: `aws` notes its
 * words, once for each exit status, so that both sides of `&&` and `||` are among them.
 */
async function commandsOf(scripts: readonly string[]): Promise<Commands> {
  const directory = await mkdtemp(join(tmpdir(), 'aws-cli-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  const noted = join(directory, 'noted')
  for (const status of [0, 1]) {
    const functions = `aws() { printf '%s\\0' "$@" >> "${noted}"; printf '\\n\\0' >> "${noted}"; printf word; return ${status}; }
      jq() { printf '%s' '${changeBatch}'; }
      command_not_found_handle() { return 0; }`
    const script = scripts.map(each => `(\n${filledIn(each)}\n)`).join('\n')
    await execa('/bin/bash', ['-c', `${functions}\n${script}`], {
      cwd: directory,
      env: { PATH: directory },
      extendEnv: false,
      reject: false
    })
  }
  const all = (await readFile(noted, 'utf8')).split('\n\0').map(each => each.split('\0').slice(0, -1))
  const commands = new Map(all.filter(words => words.length > 0).map(words => [words.join('\0'), words])).values()
  return { directory, commands: Array.from(commands) }
}

/** What the AWS CLI says of commands that it reads and cannot send. */
async function problemsOf({ directory, commands }: Commands): Promise<readonly string[]> {
  const { stdout } = await execa(awsCliPython, [join(import.meta.dirname, 'read-commands.py')], {
    cwd: directory,
    input: JSON.stringify(commands),
    env: {
      AWS_ACCESS_KEY_ID: 'none',
      AWS_SECRET_ACCESS_KEY: 'none',
      AWS_DEFAULT_REGION: 'us-west-2',
      AWS_MAX_ATTEMPTS: '1',
      AWS_CONFIG_FILE: '/dev/null'
    }
  })
  const problems = z.array(z.string()).parse(JSON.parse(stdout))
  return problems.flatMap((problem, index) => (problem === '' ? [] : [`aws ${commands[index]?.join(' ')}: ${problem}`]))
}

/** Of each page, its blocks of shell as one script: a block may use the variables of one before it. */
const scripts = pages.flatMap(page => {
  const blocks = codeBlocksOf(page).filter(({ kind }) => kind === 'sh')
  return blocks.length === 0 ? [] : [blocks.map(({ code }) => code).join('\n')]
})

test('the AWS CLI reads every command for it in the pages and runbooks, with its options and their values', async () => {
  const all = await commandsOf(scripts)
  expect(await problemsOf(all)).toEqual([])
  expect(all.commands.length).toBeGreaterThan(30)
}, 120_000)

test('the AWS CLI refuses an unknown operation, an unknown option, and a query that cannot be read', async () => {
  const all = await commandsOf([
    'aws ec2 describe-vpc-endpointz || aws ec2 describe-vpcs --nope',
    'x=$(aws ec2 describe-vpcs --query "Vpcs[[")',
    'aws ec2 describe-vpcs --region us-west-2'
  ])
  expect(all.commands.length).toBe(4)
  expect((await problemsOf(all)).length).toBe(3)
})
