import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { describe, expect, onTestFinished, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { testWith } from './support/test-with.ts'

testWith('actionlint')('actionlint has nothing to say against the workflows', async () => {
  const { exitCode, all } = await execa('actionlint', ['-no-color'], { reject: false, all: true })
  expect([exitCode, all]).toEqual([0, ''])
})

const Permissions = z.record(z.string(), z.string())
const Workflow = z.looseObject({
  permissions: Permissions.optional(),
  jobs: z.record(
    z.string(),
    z.looseObject({
      needs: z.string().optional(),
      permissions: Permissions.optional(),
      uses: z.string().optional(),
      steps: z.array(z.looseObject({ uses: z.string().optional() })).default([])
    })
  )
})
const read = (name: string) => Workflow.parse(parse(readFileSync(`.github/workflows/${name}.yml`, 'utf8')))

describe('a release', () => {
  const { permissions, jobs } = read('release')

  test('compares the tag, then tests, then builds the image, then publishes the package, then adds executables', () => {
    expect(Object.entries(jobs).map(([name, { needs }]) => [name, needs])).toEqual([
      ['version', undefined],
      ['test', 'version'],
      ['image', 'test'],
      ['npm', 'image'],
      ['executable', 'npm']
    ])
  })

  test('gives only the job that publishes the package an identity', () => {
    expect(permissions).toEqual({})
    const mayLogIn = Object.entries(jobs).filter(([, job]) => job.permissions?.['id-token'] !== undefined)
    expect(mayLogIn.map(([name]) => name)).toEqual(['npm'])
  })

  test('runs actions of others only by their commit', () => {
    const used = ['release', 'image', 'ci'].flatMap(name =>
      Object.values(read(name).jobs).flatMap(({ uses, steps }) => [uses, ...steps.map(step => step.uses)])
    )
    const external = used.filter(uses => uses !== undefined && !uses.startsWith('./'))
    expect(external).not.toEqual([])
    expect(external.filter(uses => !/@[0-9a-f]{40}$/.test(uses ?? ''))).toEqual([])
  })
})

describe('the notes of a release', () => {
  function notes(version: string) {
    const folder = mkdtempSync(join(tmpdir(), 'notes-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const file = join(folder, 'CHANGELOG.md')
    writeFileSync(
      file,
      '# Changelog\n\n## [Unreleased]\n\n## [1.1.0] - 2026-12-01\n\n### Added\n\n- A thing.\n\n## [1.0.0] - 2026-11-30\n\n- First.\n'
    )
    return execa('.github/release-notes', [version, file], { reject: false })
  }

  for (const { version, has } of [
    { version: '1.1.0', has: { exitCode: 0, stdout: '\n### Added\n\n- A thing.\n' } },
    { version: '1.0.0', has: { exitCode: 0, stdout: '\n- First.' } },
    { version: '1.1', has: { exitCode: 1, stdout: '' } },
    { version: 'Unreleased', has: { exitCode: 1, stdout: '' } }
  ]) {
    test(`of ${version} are its section of CHANGELOG.md${has.exitCode === 0 ? '' : ', so there are none'}`, async () => {
      expect(await notes(version)).toMatchObject(has)
    })
  }
})
