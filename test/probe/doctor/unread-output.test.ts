import { execa } from 'execa'
import { describe, expect, test } from 'vitest'
import { startDoctor } from '../../support/doctor.ts'
import { host } from '../../support/evidence.ts'
import { startResolver } from '../../support/resolver.ts'

const commands = { doctor: 'probe/doctor/doctor.ts', links: 'modules/links/links.ts' } as const
const names = ['doctor', 'links'] as const

/** Runs a command in a shell, which closes or fills what it prints to. */
async function ended(name: keyof typeof commands, onto: string) {
  const line = `"$0" ${commands[name]} --help ${onto}`
  const { stdout, stderr } = await execa('bash', ['-c', line, process.execPath], { reject: false })
  return { code: stdout, stderr }
}

describe('a command whose output nobody takes ends with 2, which is no verdict:', () => {
  test.for(names)('%s, into a pipe without a reader, says nothing', async name => {
    expect(await ended(name, '| :; echo ${PIPESTATUS[0]}')).toEqual({ code: '2', stderr: '' })
  })

  test.for(names)('%s, onto a full disk, reports that', async name => {
    expect(await ended(name, '> /dev/full; echo $?')).toEqual({
      code: '2',
      stderr: `${name}: standard output: cannot be written, got ENOSPC. Make room, or write elsewhere.`
    })
  })
})

describe('a doctor that is interrupted before it has looked', () => {
  test.for(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('ends with 2 at %s, and prints no verdict', async signal => {
    await using resolver = await startResolver(() => 'drop')
    const { child, ended } = startDoctor(`${host}:19531`, '--resolver', `127.0.0.1:${resolver.resolver.port}`)
    let printed = ''
    child.stdout.setEncoding('utf8').on('data', chunk => {
      printed += chunk
    })
    await expect.poll(() => resolver.queries.length, { timeout: 20_000 }).toBeGreaterThan(0)
    child.kill(signal)
    child.kill(signal)
    expect([await ended, printed]).toEqual([2, ''])
  })
})
