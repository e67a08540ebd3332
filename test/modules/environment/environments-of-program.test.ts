import { spawnSync } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { environmentsOfProgram } from '../../../modules/environment/environments-of-program.ts'

test('a program that does not end is ended with what it started, however its command is written', {
  timeout: 20_000
}, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'program-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const hanging = 'require("node:fs").writeFileSync("pid", String(process.pid)); setTimeout(() => {}, 60_000)'
  await writeFile(join(folder, 'hang.cjs'), hanging)
  await writeFile(join(folder, 'cdktf.json'), JSON.stringify({ app: `'${process.execPath}' hang.cjs; true` }))
  await expect(environmentsOfProgram({ folder, patienceMs: 1500 })).rejects.toThrow(
    /^cdktf\.json: app: cannot be run, got Command timed out/
  )
  const pid = Number(await readFile(join(folder, 'pid'), 'utf8'))
  await expect.poll(() => isThere(pid)).toBe(false)
})

/** One that has ended, but that nobody has waited for, is not. */
function isThere(pid: number): boolean {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' })
  return /^[^Z]/.test(stdout.trim())
}
