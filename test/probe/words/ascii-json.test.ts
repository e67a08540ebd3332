import { expect, test } from 'vitest'
import { reportJson } from '../../../probe/doctor/json.ts'
import { makeReport } from '../../../probe/rounds/report.ts'
import { afterRound, newStanding } from '../../../probe/rounds/standing.ts'
import { asciiJson } from '../../../probe/words/ascii-json.ts'
import { startApp } from '../../support/app.ts'
import { answer, evidence, resolver } from '../../support/evidence.ts'

/** Octets that a name may have: C1 controls, quotes, and what is no ASCII. */
const name = 'a\u009b31m\u0000\n"\u007f\u00e9.example'
const printable = /^[ -~]*$/
const seen = evidence({ resolvers: [resolver({ a: answer(['10.0.1.7'], name) })] })
const report = makeReport(seen, { seconds: 0.1, heldBy: [] })

test('JSON in ASCII is the same JSON', () => {
  const value = { text: `${name}\u{1f600}\u2028`, number: 1, list: [null] }
  expect(asciiJson(value)).toMatch(printable)
  expect(JSON.parse(asciiJson(value))).toEqual(value)
})

test('the JSON of doctor has names as they were sent, in ASCII', () => {
  expect(reportJson(report)).toMatch(printable)
  expect(JSON.parse(reportJson(report)).observations.resolvers[0].a.chain[0].target).toBe(name)
})

test('the JSON of the API has names as they were sent, in ASCII', async () => {
  const standing = afterRound(newStanding(seen.target), report)
  const { get } = await startApp({ standings: { standings: () => [standing], standing: () => standing } })
  const payload = await (await get(`/api/targets/${seen.target.name}`)).text()
  expect(payload).toMatch(printable)
  expect(JSON.parse(payload).evidence.resolvers[0].a.chain[0].target).toBe(name)
})
