import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { describe, expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { testWith } from '../support/test-with.ts'
import { deployed } from './both-steps.ts'
import { DeployOutputs } from './deploy.ts'
import { type FaultName, faultNames } from './faults.ts'

const deadlineMs = 110_000
const demo = ['--disable-warning=DEP0044', 'test/demo/demo.ts']
const withTerraform = testWith('terraform')

/** A PATH on which there is Node and nothing else. */
function pathWithoutTerraform(): string {
  const bin = mkdtempSync(join(tmpdir(), 'demo-path-'))
  onTestFinished(() => rmSync(bin, { recursive: true }))
  symlinkSync(process.execPath, join(bin, 'node'))
  return bin
}

/** Runs the demo where Terraform is missing, which is sooner. */
const run = (...words: readonly string[]) =>
  execa('node', [...demo, ...words], {
    env: { PATH: pathWithoutTerraform() },
    extendEnv: false,
    timeout: deadlineMs,
    reject: false
  })

/** Runs it as the npm script does, in a group of its own, with a place for its files that nobody else uses. */
function start(...words: readonly string[]) {
  const TMPDIR = mkdtempSync(join(tmpdir(), 'demo-tmp-'))
  onTestFinished(() => rmSync(TMPDIR, { recursive: true }))
  const child = execa('node', [...demo, ...words], {
    env: { TMPDIR },
    preferLocal: true,
    timeout: deadlineMs,
    detached: true,
    reject: false,
    all: true
  })
  return {
    child,
    group: child.pid ?? 0,
    /** Ctrl-C: to all of its group. */
    interrupt: () => process.kill(-(child.pid ?? 0), 'SIGINT'),
    /** Files that it made and the processes that still know of their place. */
    leftBehind: async () => [
      ...(await readdir(TMPDIR)).filter(name => name.startsWith('zilliz-')),
      ...processesWith(`TMPDIR=${TMPDIR}`)
    ]
  }
}

/** The processes in whose environment a variable is so. */
function processesWith(variable: string): readonly string[] {
  if (!existsSync('/proc/self/environ')) return []
  return readdirSync('/proc').filter(pid => {
    try {
      return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(variable)
    } catch {
      return false
    }
  })
}

/** A port on which something listens until the test is over. */
async function takenPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return z.object({ port: z.number() }).parse(server.address()).port
}

withTerraform('the demo deploys both steps, watches what they put out, and ends cleanly', async () => {
  const { child, interrupt, leftBehind } = start('--port', '0')
  let stdout = ''
  for await (const line of child) {
    stdout += `${line}\n`
    if (line.includes('in01-61e949d971f841b: Healthy')) interrupt()
  }
  expect((await child).exitCode).toBe(0)
  const inOrder = [
    'Step one: deploy dev without hosts, into stand-ins of AWS and Google Cloud: 8 added, 0 changed, 0 destroyed',
    'Your VPC Private Link ID  vpce-',
    'Your Endpoint                            zilliz-us-west1',
    'the zone vectordb.zillizcloud.com hides every other Zilliz Cloud name from vpc-',
    'is pendingAcceptance, not available. Enter the values of the output "register"',
    'Step two: Zilliz Cloud has accepted, deploy dev with its hosts: 4 added, 0 changed, 0 destroyed',
    'connection    available',
    'connection  ACCEPTED',
    'in01-840ec44485bf25d-privatelink.aws-us-west-2.vectordb.zillizcloud.com:19531 resolves to 10.20.1.',
    'The probe watches it. Its page: http://127.0.0.1:',
    'resolver-silent        the resolver of both networks does not answer',
    'dev/gcp-us-west1/in01-61e949d971f841b: Healthy (unknown → healthy)',
    'Ended.'
  ]
  const places = inOrder.map(text => stdout.indexOf(text))
  expect(places).not.toContain(-1)
  expect(places).toEqual([...places].sort((a, b) => a - b))
  // In step two, Zilliz Cloud has accepted.
  expect(stdout.slice(stdout.indexOf('Step two'))).not.toContain('pendingAcceptance')
  expect(await leftBehind()).toEqual([])
})

for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143]
] as const) {
  withTerraform(
    `${signal} in the middle of a deploy stops it, ends it with ${code} and leaves nothing behind`,
    async () => {
      const { child, group, leftBehind } = start()
      let isSent = false
      for await (const line of child.iterable({ from: 'all' })) {
        if (isSent || !line.includes('terraform apply')) continue
        isSent = true
        // Ctrl-C reaches all of the group, and npm sends it on; a supervisor signals the demo alone.
        process.kill(signal === 'SIGINT' ? -group : group, signal)
        process.kill(group, signal)
      }
      const { exitCode, stderr, all } = await child
      expect(exitCode).toBe(code)
      expect(stderr).toBe(`${signal}: stopped. Nothing is left behind.`)
      expect(all).not.toContain('failed')
      expect(await leftBehind()).toEqual([])
    }
  )
}

withTerraform('a port that is taken is told before anything is deployed', async () => {
  const port = await takenPort()
  const { child, leftBehind } = start('--port', String(port))
  const { exitCode, stdout, stderr } = await child
  expect([exitCode, stdout]).toEqual([2, ''])
  expect(stderr).toContain(`listen: cannot listen on 127.0.0.1 port ${port} (EADDRINUSE)`)
  expect(await leftBehind()).toEqual([])
})

withTerraform('what it goes on with where Terraform is missing is what a deploy puts out', async () => {
  const { dev } = DeployOutputs.parse(JSON.parse(readFileSync('test/demo/deployed.json', 'utf8')))
  expect(await deployed({ signal: new AbortController().signal, by: () => undefined }, () => {})).toEqual(dev)
})

describe('where Terraform is missing, the demo', () => {
  test('says what to install, and watches all the same', async () => {
    const child = run('--port', '0')
    for await (const line of child) if (line.includes('in01-61e949d971f841b: Healthy')) child.kill('SIGINT')
    const { stdout, stderr, exitCode } = await child
    expect(stderr).toBe(
      'terraform is not on the PATH; install Terraform 1.10 or later: https://developer.hashicorp.com/terraform/install\nWithout it nothing is deployed: the demo goes on with what it would have put out.'
    )
    expect(stdout).toContain('The probe watches it. Its page: http://127.0.0.1:')
    expect(exitCode).toBe(0)
  })

  const verdicts: Readonly<Record<FaultName, { code: number; says: string }>> = {
    'record-deleted': { code: 1, says: '"Name or service not known" (case record-missing)' },
    'zone-detached': { code: 1, says: '"Name or service not known" (case zone-not-visible)' },
    'security-group-closed': { code: 1, says: '"Connection timed out" (case no-answer-to-syn)' },
    'one-zone-dead': { code: 1, says: '(finding address-fails)' },
    'endpoint-pending': { code: 1, says: 'Register the endpoint and the project id with Zilliz Cloud.' },
    'certificate-expired': { code: 1, says: '"Certificate verify failed" (case certificate-expired)' },
    'public-answer': { code: 1, says: '"It works, but not through the private link" (case resolves-public)' },
    'resolver-silent': { code: 1, says: '"Temporary failure in name resolution" (case resolver-silent)' }
  }
  test.for(faultNames)('prints with --fault %s --once what doctor prints, and ends with its code', async fault => {
    const { stdout, exitCode } = await run('--fault', fault, '--once')
    expect(stdout).toContain(verdicts[fault].says)
    expect(stdout.match(/^in01-/gm)).toHaveLength(2)
    expect(exitCode).toBe(verdicts[fault].code)
  })

  test('is healthy without a fault', async () => {
    const { stdout, exitCode } = await run('--once')
    expect(stdout.match(/✔ Healthy \(case healthy\)/g)).toHaveLength(2)
    expect(exitCode).toBe(0)
  })
})

describe('a mistake is told, with what to do:', () => {
  test('a fault that there is not', async () => {
    const { stderr, exitCode } = await run('--fault', 'zone-detatched')
    expect(stderr).toContain("argument 'zone-detatched' is invalid. known are record-deleted, zone-detached,")
    expect(exitCode).toBe(2)
  })

  test('a port that is none', async () => {
    const { stderr, exitCode } = await run('--port', '99999')
    expect(stderr).toContain('it must be a number from 0 to 65535.')
    expect(exitCode).toBe(2)
  })

  test('a port that is taken', async () => {
    const port = await takenPort()
    const { stderr, exitCode } = await run('--port', String(port))
    expect(stderr).toContain(
      `listen: cannot listen on 127.0.0.1 port ${port} (EADDRINUSE). Another process uses the port: end it, or choose another port.\nThe demo takes another port with: npm run demo -- --port 9816`
    )
    expect(exitCode).toBe(2)
  })
})

test.for([
  { words: ['--once'], write: 'npm run demo -- --once' },
  { words: ['--fault', 'zone-detached', '--once'], write: 'npm run demo -- --fault --once' },
  { words: ['--port=9816'], write: 'npm run demo -- --port=9816' }
])('npm run demo $words, without two dashes before, is told what to write', async ({ words, write }) => {
  const { stdout, stderr, exitCode } = await execa('npm', ['run', '--silent', 'demo', ...words], { reject: false })
  expect([exitCode, stdout]).toEqual([2, ''])
  expect(stderr).toContain('npm run demo: options must come after two dashes, got ')
  expect(stderr).toContain(`Write: ${write}`)
})

test('a digit on the keyboard breaks it and mends it, and q ends it', async () => {
  // script(1) gives it a terminal.
  const command = `node ${demo.join(' ')} --port 0`
  const child = execa('script', ['-qec', command, '/dev/null'], {
    env: { PATH: `${pathWithoutTerraform()}:/usr/bin:/bin` },
    extendEnv: false,
    timeout: deadlineMs,
    all: true
  })
  let seen = ''
  for await (const line of child.iterable({ from: 'all' })) {
    seen += `${line}\n`
    if (line.includes('q or Ctrl-C ends')) child.stdin.write('5')
    if (line.includes('no-answer-to-syn)')) child.stdin.write('5')
    if (line.includes('no-answer-to-syn → healthy')) child.stdin.write('q')
  }
  const { exitCode } = await child
  expect(seen).toContain('broken: endpoint-pending')
  expect(seen).toContain('mended: endpoint-pending')
  expect(seen).toContain('Ended.')
  expect(exitCode).toBe(0)
})
