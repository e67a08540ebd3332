import { readFileSync } from 'node:fs'
import { glob } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { projectFiles } from '../modules/cli/init/project-files.ts'
import { optionsOfCdktf } from '../modules/deploy/options-of-cdktf.ts'
import { environmentsFileVariable } from '../modules/environment/environment.ts'
import packageFile from '../package.json' with { type: 'json' }
import { exitStatus } from '../probe/command/exit-status.ts'

const root = join(import.meta.dirname, '..')

const Scripts = z.object({ scripts: z.record(z.string(), z.string()) })

interface WronglyUsed {
  readonly file: string
  readonly wrongly: readonly { readonly words: readonly string[]; readonly says: string }[]
}

/** How each command of the package is used wrongly, apart from what its own tests do, and the line that it prints. */
const commands = {
  deploy: {
    file: 'modules/deploy/deploy.ts',
    wrongly: [
      { words: ['dev', '--auto-aprove'], says: "unknown option '--auto-aprove'. Did you mean --auto-approve? See:" },
      { words: ['dev', '--wait-minutes'], says: "option '--wait-minutes <number>' argument missing. See:" },
      { words: [], says: 'which environment is missing. Choose dev, staging, prod or trial.' },
      { words: ['prodd'], says: 'there is no environment "prodd". Did you mean prod?' },
      { words: ['nowhere'], says: 'there is no environment "nowhere". Choose dev, staging, prod or trial.' },
      { words: ['prodd', 'd*v'], says: 'there is no environment "prodd". Did you mean prod?' },
      { words: ['dev', '--hcl'], says: 'synth: the output must be Terraform JSON, got HCL (--hcl). Leave out --hcl' }
    ]
  },
  destroy: {
    file: 'modules/deploy/destroy.ts',
    wrongly: [
      { words: ['dev', '--auto-aprove'], says: "unknown option '--auto-aprove'. Did you mean --auto-approve? See:" },
      { words: ['dev', '--var'], says: "option '--var <name=value>' argument missing. See:" },
      { words: ['dev', '--outputs-file', 'x'], says: "unknown option '--outputs-file'. See:" },
      { words: [], says: 'which environment is missing. Choose dev, staging, prod or trial.' },
      { words: ['prodd'], says: 'there is no environment "prodd". Did you mean prod?' },
      { words: ['dev', '--hcl'], says: 'synth: the output must be Terraform JSON, got HCL (--hcl). Leave out --hcl' }
    ]
  },
  links: {
    file: 'modules/links/links.ts',
    wrongly: [
      { words: ['dev', '--output', 'x'], says: "unknown option '--output'. Did you mean --outputs? See:" },
      { words: ['dev', '--outputs'], says: "option '--outputs <file>' argument missing. See:" },
      { words: [], says: "missing required argument 'environment'. See:" },
      {
        words: ['dev', 'prod'],
        says: 'too many arguments. Expected 1 argument but got 2: dev, prod. See:'
      },
      { words: ['prodd'], says: 'there is no environment "prodd". Did you mean prod?' }
    ]
  },
  doctor: {
    file: 'probe/doctor/doctor.ts',
    wrongly: [
      { words: ['--resolve', '10.0.0.2'], says: "unknown option '--resolve'. Did you mean --resolver? See:" },
      { words: ['--config'], says: "option '--config <file>' argument missing. See:" },
      { words: [], says: 'give one of private links as Zilliz Cloud prints them, --config, or --outputs.' }
    ]
  },
  probe: {
    file: 'probe/server.ts',
    wrongly: [
      { words: ['--confg', 'x'], says: "unknown option '--confg'. Did you mean --config? See:" },
      { words: ['--config'], says: "option '--config <file>' argument missing. See:" },
      { words: ['config.json'], says: '"config.json" is a file, not a private link. Give it as --config. See:' }
    ]
  },
  'probe-files': {
    file: 'probe/probe-files.ts',
    wrongly: [
      { words: [], says: "missing required argument 'kind'. See:" },
      { words: ['systemd'], says: "missing required argument 'private links'. See:" },
      {
        words: ['docker', 'x'],
        says: "command-argument value 'docker' is invalid for argument 'kind'. Allowed choices"
      },
      { words: ['systemd', 'nowhere'], says: 'command line: targets[0]: must be <cluster>' }
    ]
  },
  dashboards: {
    file: 'dashboards/generate.ts',
    wrongly: [
      { words: ['--runbook', 'x'], says: "unknown option '--runbook'. Did you mean --runbooks? See:" },
      { words: ['--out'], says: "option '--out <directory>' argument missing. See:" },
      { words: ['watch'], says: 'too many arguments. Expected 0 arguments but got 1: watch. See:' },
      {
        words: ['--runbooks', 'not-a-url'],
        says: "option '--runbooks <url>' argument 'not-a-url' is invalid. Give a URL that begins with http:// or https://"
      },
      {
        words: ['--grafana', 'grafana.example.com'],
        says: "option '--grafana <url>' argument 'grafana.example.com' is invalid. Give a URL"
      }
    ]
  }
} satisfies Record<string, WronglyUsed>

const run = (file: string, words: readonly string[], variables: Readonly<Record<string, string>> = {}) =>
  execa(process.execPath, ['--disable-warning=DEP0044', file, ...words], {
    cwd: root,
    env: { ZILLIZCLOUD_API_KEY: 'none', ...variables },
    reject: false
  })

describe.for(Object.entries<WronglyUsed>(commands))('%s', ([command, { file, wrongly }]) => {
  test.for(wrongly)('after $words ends with 2 and one line that says what is wrong', async ({ words, says }) => {
    const { exitCode, stdout, stderr } = await run(file, words)
    expect({ exitCode, stdout }).toEqual({ exitCode: exitStatus.noResult, stdout: '' })
    expect(stderr.split('\n')).toEqual([expect.stringContaining(`${command}: ${says}`)])
  })

  test('prints its help with 0: a usage line that can be pasted, and every exit status', async () => {
    const { exitCode, stdout, stderr } = await run(file, ['--help'])
    expect({ exitCode, stderr }).toEqual({ exitCode: exitStatus.success, stderr: '' })
    const { scripts } = Scripts.parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')))
    const [, script = ''] = /^Usage: npm run (\S+)/.exec(stdout) ?? []
    expect(scripts[script]).toContain(file)
    expect(stdout).toMatch(/\nExit status: 0 .+2 .+\.\n?$/)
  })
})

describe.for(['deploy', 'destroy'] as const)('%s', command => {
  const { file } = commands[command]

  test('reports every mistake of the program and every unknown name, a line each', async () => {
    const app = `node -e "require('fs').writeFileSync(process.env.${environmentsFileVariable}, JSON.stringify([{ name: 'A' }, { name: 'b', backend: {} }]))"`
    const { exitCode, stderr } = await run(file, ['dev', '--app', app])
    expect(exitCode).toBe(exitStatus.noResult)
    const lines = stderr.split('\n')
    expect(lines.length).toBeGreaterThan(3)
    for (const line of lines) expect(line).toMatch(new RegExp(`^${command}: (?:A|b): `))
    const names = await run(file, ['one', 'two'])
    expect(names.stderr.split('\n')).toEqual([
      `${command}: there is no environment "one". Choose dev, staging, prod or trial.`,
      `${command}: there is no environment "two". Choose dev, staging, prod or trial.`
    ])
  })

  test('takes every option of the same command of cdktf', async () => {
    const { stdout } = await execa('cdktn', [command, '--help'], { preferLocal: true, cwd: root })
    const theirs = [...stdout.matchAll(/^ +(?:-\w, )?--([\w-]+)/gm)].map(([, name]) => name)
    const ours = optionsOfCdktf[command].map(([flags]) => /--([\w-]+)/.exec(flags)?.[1])
    expect(ours.toSorted()).toEqual(theirs.filter(name => name !== 'version' && name !== 'help').toSorted())
  })
})

describe('a command that others read later', async () => {
  const files = await Array.fromAsync(
    glob(['README.md', 'CHANGELOG.md', '{modules,probe,dashboards}/**/*.{md,yaml,yml}'], { cwd: root })
  )
  const texts = files.map(file => readFileSync(join(root, file), 'utf8'))
  const named = (form: RegExp) =>
    new Set(texts.flatMap(text => Array.from(text.matchAll(form), ([, name = '']) => name)))

  test('is a script that there is, here or in a project that init writes, if npm runs it', () => {
    const names = named(/\bnpm run (?:--silent )?([a-z][\w:-]*)/g)
    expect(names.size).toBeGreaterThan(10)
    const written = projectFiles({ folderName: 'links', environments: [], dependency: { spec: '0.1.0' } })
    const { scripts } = Scripts.parse(JSON.parse(String(written.get('package.json'))))
    expect([...names].filter(name => !(name in packageFile.scripts || name in scripts))).toEqual([])
  })

  test('is a command that there is, if npx runs it', async () => {
    const { stdout } = await run('modules/cli/commands.ts', ['--help'])
    const known = Array.from(stdout.matchAll(/^ {2}([a-z]+) /gm), ([, name]) => name)
    const names = named(/\bnpx zilliz-privatelink ([a-z]+)/g)
    expect(names).toContain('doctor')
    expect([...names].filter(name => !known.includes(name))).toEqual([])
  })

  test('checks a link by npx in alerts and runbooks: who is on call has no repository', () => {
    const onCall = files.flatMap((file, index) =>
      /^dashboards\/(?:runbooks|generated)\//.test(file) ? [texts[index]] : []
    )
    expect(onCall.length).toBeGreaterThan(20)
    expect(onCall.join('\n')).not.toMatch(/npm run doctor|^\s*doctor /m)
  })
})

test('no exit status is written as a number but where they are all defined', () => {
  const written = execa(
    'git',
    ['grep', '-nE', 'exitCode = [0-9]|process\\.exit\\([0-9]', '--', 'modules', 'probe', 'dashboards', 'test/demo'],
    { cwd: root, reject: false }
  )
  return expect(written).resolves.toMatchObject({ stdout: '' })
})
