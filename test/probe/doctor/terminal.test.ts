import { stripVTControlCharacters } from 'node:util'
import fc from 'fast-check'
import stringWidth from 'string-width'
import { describe, expect, test } from 'vitest'
import { diagnose } from '../../../probe/cases/diagnose.ts'
import { notKnown } from '../../../probe/causes/cause.ts'
import type { Consultation } from '../../../probe/doctor/consult.ts'
import { printedNext } from '../../../probe/doctor/next.ts'
import { printedAgain, printedReport } from '../../../probe/doctor/print.ts'
import { columnsOf } from '../../../probe/words/columns.ts'
import { stepsFor, stepsForVerdict } from '../../../probe/words/remedy.ts'
import { anyEvidence } from '../../support/arbitrary-evidence.ts'
import { runDoctorWith } from '../../support/doctor.ts'
import { alike, evidence, host, nxdomain, onlyTcp, resolver, unresolved } from '../../support/evidence.ts'
import { nxdomain as saysNxdomain, soa, startResolver } from '../../support/resolver.ts'
import { openTerminal } from '../../support/terminal.ts'
import { testWith } from '../../support/test-with.ts'

const report = (seen: Consultation['evidence']): Consultation => ({
  evidence: seen,
  diagnosis: diagnose(seen),
  heldBy: [],
  seconds: 1
})
const silent = report(alike(onlyTcp({ kind: 'timeout' })))
const unknownName = report(unresolved(resolver({ a: nxdomain(), aaaa: nxdomain() })))
const well = report(evidence())
const words = [`https://${host}:19531`]
const withCloud = (of: Consultation, elsewhere: NonNullable<Consultation['inquiry']>['elsewhere']): Consultation => ({
  ...of,
  inquiry: { at: 1_800_000_000, seconds: 1, elsewhere, causes: [] }
})
const inside = notKnown('no metadata service of a cloud answers on this machine')

/** The lines that are wider than the terminal, without commands and without words that have no space to break at. */
function tooWide({ evidence: seen, diagnosis, inquiry }: Consultation, printed: string, columns: number) {
  const steps = [
    ...stepsForVerdict(diagnosis.case, seen.target, inquiry, seen.pod),
    ...diagnosis.findings.flatMap(({ finding }) => stepsFor(finding, seen.target, seen.pod))
  ]
  const commands = new Set<string>(steps.flatMap(({ run }) => run ?? []))
  return stripVTControlCharacters(printed)
    .split('\n')
    .filter(line => stringWidth(line) > columns && !commands.has(line.trim()) && /\S {1,2}\S/.test(line.trim()))
}

describe('on a terminal', () => {
  test.for([60, 80, 120])('of %d columns, no line is wider but for commands and whole names', columns => {
    fc.assert(
      fc.property(anyEvidence, seen => {
        const now = report(seen)
        expect(tooWide(now, printedReport(now, columns), columns)).toEqual([])
        expect(tooWide(now, printedAgain(now, columns), columns)).toEqual([])
      }),
      { numRuns: 300 }
    )
    for (const now of [silent, unknownName, well]) {
      const all = printedReport({ ...now, heldBy: ['clock-skew'] }, columns)
      expect(tooWide(now, all, columns)).toEqual([])
      expect(
        printedNext([now], { words }, columns)
          ?.split('\n')
          .filter(line => line.length > columns && !line.startsWith('    npm run doctor -- --'))
      ).toEqual([])
    }
  })

  test('commands are whole, whatever its width', () => {
    const printed = printedReport(silent, 60).split('\n')
    const steps = stepsForVerdict(silent.diagnosis.case, silent.evidence.target, undefined)
    for (const { run } of steps) if (run !== undefined) expect(printed).toContain(`     ${run}`)
  })

  test('the verdict, its meaning and the first step are on the first screen, and the evidence comes after all steps', () => {
    for (const columns of [60, 80, 120]) {
      const printed = printedReport(silent, columns)
      const firstScreen = printed.split('\n').slice(0, 24).join('\n')
      expect(firstScreen).toContain(`${host}:19531`)
      expect(firstScreen).toContain('✘ Failing: "Connection timed out" (case no-answer-to-syn)')
      expect(firstScreen).toContain('Nothing answers the first packet of a connection.')
      expect(firstScreen).toContain('npm run deploy -- prod')
      const order = ['✘ Failing', 'What to do', 'None of these', '\nEvidence\n', '  DNS\n', '  TCP\n', 'Not reached']
      const places = order.map(each => printed.indexOf(each))
      expect(places).toEqual(places.toSorted((one, other) => one - other))
      expect(places).not.toContain(-1)
    }
  })

  test('a line is as long as the terminal is wide, within reason', () => {
    expect([60, 80, 100].map(columns => columnsOf({ columns }))).toEqual([60, 80, 100])
    expect([undefined, 0, 7, 300].map(columns => columnsOf({ columns }))).toEqual([80, 80, 40, 100])
  })
})

describe('it ends with what to run next:', () => {
  const next = (reports: readonly Consultation[], given: Partial<Parameters<typeof printedNext>[1]> = {}) =>
    printedNext(reports, { words, ...given }, 100)?.replaceAll(/\n {2}(?! )/g, ' ')

  test('the cause, with the number of those that are possible, and the check again', () => {
    expect(next([silent])).toContain('reports which of 13 possible causes applies')
    expect(next([silent])).toContain(`\n    npm run doctor -- --cloud https://${host}:19531`)
    expect(next([silent])).toContain(`\n    npm run doctor -- --watch https://${host}:19531`)
  })

  test('nothing that it does already', () => {
    expect(next([silent], { watch: true })).not.toContain('--watch')
    expect(next([withCloud(silent, inside)], { cloud: true })).not.toContain('--cloud')
    expect(next([withCloud(well, inside)], { cloud: true, idle: true })).toBeUndefined()
  })

  test('the configuration and idle connections of a link that works', () => {
    expect(next([well])).toContain('doctor -- --cloud ')
    expect(next([well])).not.toContain('--watch')
    expect(next([withCloud(well, inside)], { cloud: true })).toContain('doctor -- --idle ')
  })

  test('the same check in the network of the link, from a machine outside it', () => {
    const outside = withCloud(silent, { ruling: 'confirmed', text: 'this machine is elsewhere', about: [] })
    expect(next([outside])).toContain(`\n    npx zilliz-privatelink doctor https://${host}:19531`)
    expect(next([outside])).not.toContain('--cloud')
  })

  test('words that a shell would split are quoted', () => {
    expect(next([silent], { words: ['--config', 'my links.yaml'] })).toContain("--cloud --config 'my links.yaml'")
  })
})

const colorCode = '\u001b['

testWith('script')('in a terminal of 60 columns it wraps and has colors, and none with NO_COLOR', async () => {
  await using resolver = await startResolver(() => saysNxdomain(soa('zillizcloud.com', 'ns-1.awsdns-01.org')))
  const check = `probe/doctor/doctor.ts https://${host}:19531 --resolver 127.0.0.1:${resolver.resolver.port}`
  for (const [env, has] of [
    [{ TERM: 'xterm', NO_COLOR: undefined }, true],
    [{ TERM: 'xterm', NO_COLOR: '1' }, false]
  ] as const) {
    const terminal = openTerminal(`sh -c 'stty cols 60; exec ${process.execPath} ${check}'`, {
      // Node takes the terminal of a CI for one without colors.
      env: { ...env, CI: undefined, FORCE_COLOR: undefined, NODE_DISABLE_COLORS: undefined }
    })
    expect(await terminal.ended).toBe(1)
    expect(terminal.shown().includes(colorCode)).toBe(has)
    const lines = stripVTControlCharacters(terminal.shown()).split(/\r?\n/)
    expect(lines.filter(line => line.length > 60 && / .* /.test(line.trim()) && !line.includes(' --'))).toEqual([])
  }
})

test('without a terminal it has no colors unless FORCE_COLOR asks for them', async () => {
  await using resolver = await startResolver(() => saysNxdomain(soa('zillizcloud.com', 'ns-1.awsdns-01.org')))
  const check = [`https://${host}:19531`, '--resolver', `127.0.0.1:${resolver.resolver.port}`]
  const plain = { NO_COLOR: undefined, FORCE_COLOR: undefined, NODE_DISABLE_COLORS: undefined }
  expect((await runDoctorWith(plain, ...check)).stdout).not.toContain(colorCode)
  expect((await runDoctorWith({ ...plain, FORCE_COLOR: '1' }, ...check)).stdout).toContain(colorCode)
})
