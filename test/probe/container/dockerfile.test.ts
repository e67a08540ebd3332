import { readFileSync } from 'node:fs'
import { Copy, DockerfileParser, Entrypoint, From, Healthcheck, User } from 'dockerfile-ast'
import { validate } from 'dockerfile-utils'
import { describe, expect, test } from 'vitest'
import packageFile from '../../../package.json' with { type: 'json' }
import { filesOfContext } from './context.ts'

const text = readFileSync('probe/Dockerfile', 'utf8')
const steps = DockerfileParser.parse(text).getInstructions()
const last = steps.slice(steps.findLastIndex(step => step instanceof From))

describe('the Dockerfile', () => {
  test('has nothing that its linter would tell', () => {
    expect(validate(text)).toEqual([])
  })

  test('begins with the Node that package.json pins, whatever it builds', () => {
    const froms = steps.filter(step => step instanceof From)
    const stages = froms.map(step => step.getBuildStage())
    const images = froms.map(step => step.getImage()).filter(image => !stages.includes(image))
    expect(images).toEqual([`node:${packageFile.devDependencies.node}-bookworm-slim`])
  })

  test('takes files by COPY alone, and never all there are', () => {
    expect(steps.filter(step => step.getKeyword() === 'ADD')).toEqual([])
    const sources = steps
      .filter(step => step instanceof Copy && step.getFromFlag() === null)
      .flatMap(step => step.getArguments().slice(0, -1))
    expect(sources.map(String)).toEqual(['package.json', 'package-lock.json', 'package.json', 'probe'])
  })

  test('ends as a user that is a number and not root', () => {
    const user = last.findLast(step => step instanceof User)?.getArgumentsContent()
    expect(user).toMatch(/^[1-9]\d*:[1-9]\d*$/)
  })

  test('starts Node without a shell between, so that signals reach it, and as `npm start` does', () => {
    const entrypoint = last.find(step => step instanceof Entrypoint)?.getJSONStrings() ?? []
    const words = entrypoint.map(word => JSON.parse(String(word)))
    expect(packageFile.scripts.start.endsWith(` ${words.join(' ')}`)).toBe(true)
    expect(packageFile.scripts.start).toContain('MALLOC_ARENA_MAX=1 ')
    expect(text).toContain('MALLOC_ARENA_MAX=1 ')
  })

  test('fills the cache of compiled code under the flags that it starts with', () => {
    const flags = /"node", (.*), "probe\/server\.ts"/.exec(text)?.[1]?.replaceAll(/[",]/g, '')
    expect(text).toContain(`RUN node ${flags} probe/server.ts --schema`)
  })

  test('says how to see whether the probe runs', () => {
    const check = last.find(step => step instanceof Healthcheck)?.getArgumentsContent()
    expect(check).toBe('CMD ["node", "probe/health-check.ts"]')
  })
})

test('what is sent to the builder is what the probe runs on, and nothing that describes or tests it', () => {
  const files = filesOfContext(process.cwd())
  const beside = files.filter(file => !/^probe\/.*\.(ts|js|css)$/.test(file))
  expect(beside).toEqual(['package-lock.json', 'package.json', 'probe/openapi.json'])
  expect(files).toContain('probe/server.ts')
  expect(files.filter(file => /reference|kubernetes|\.d\.ts$/.test(file))).toEqual([])
})
