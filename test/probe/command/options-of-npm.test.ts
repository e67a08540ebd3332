import { execa } from 'execa'
import { describe, expect, test } from 'vitest'
import { takenByNpm } from '../../../probe/command/options-of-npm.ts'

describe('options that npm has taken are reported,', () => {
  const options = ['--once', '--wait-minutes', undefined, '--ca', '--target']
  const taken = (variables: Readonly<Record<string, string>>) => takenByNpm(options, variables)

  test('with what to write', () => {
    expect(taken({ npm_lifecycle_event: 'deploy', npm_config_once: 'true', npm_config_wait_minutes: '5' })).toBe(
      'npm run deploy: options must come after two dashes, got --once --wait-minutes=5. Write: npm run deploy -- --once --wait-minutes=5'
    )
  })

  for (const [when, variables] of [
    ['without npm', { npm_config_once: 'true' }],
    ['if npm took none', { npm_lifecycle_event: 'deploy', npm_config_cache: '/root/.npm' }],
    ['of what a person keeps in .npmrc', { npm_lifecycle_event: 'doctor', npm_config_ca: 'x', npm_config_target: '1' }]
  ] as const) {
    test(`and nothing ${when}`, () => {
      expect(taken(variables)).toBeUndefined()
    })
  }
})

test.for([
  { script: 'doctor', words: ['--watch'], code: 2 },
  { script: 'start', words: ['--schema'], code: 2 },
  { script: 'links', words: ['dev', '--outputs=outputs.json'], code: 2 },
  { script: 'deploy', words: ['dev', '--wait'], code: 2 },
  { script: 'deploy', words: ['dev', '--auto-approve'], code: 2 }
])('npm run $script $words ends with $code before it does anything', async ({ script, words, code }) => {
  const { exitCode, stdout, stderr } = await execa('npm', ['run', '--silent', script, ...words], { reject: false })
  expect([exitCode, stdout]).toEqual([code, ''])
  expect(stderr).toContain(`npm run ${script}: options must come after two dashes, got ${words.at(-1)}. Write: npm run`)
})
