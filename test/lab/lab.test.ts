import { afterAll, beforeAll, describe, test as everywhere, expect } from 'vitest'
import { catalogue } from '../../probe/cases/catalogue.ts'
import { diagnose } from '../../probe/cases/diagnose.ts'
import type { Evidence } from '../../probe/cases/evidence.ts'
import { testWith } from '../support/test-with.ts'
import { faults, notInTheLab } from './faults.ts'
import { type Lab, labTools, openLab } from './lab.ts'

const test = testWith(...labTools)
const healthy = { case: 'healthy', symptom: 'none', findings: [] }

function judge(evidence: Evidence) {
  const { case: judged, symptom, findings } = diagnose(evidence)
  return { case: judged.id, symptom, findings: findings.map(({ finding }) => finding.id) }
}

describe('in a network with real DNS servers and packet filters', () => {
  let lab: Lab | undefined
  const open = () => {
    if (lab === undefined) throw new Error('the lab is not open')
    return lab
  }
  beforeAll(async () => {
    lab = await openLab()
  }, 60_000)
  afterAll(() => lab?.[Symbol.asyncDispose](), 60_000)

  test('all is well', async () => {
    expect(judge(await open().round())).toEqual(healthy)
  })

  test.for(faults.filter(({ sees }) => sees !== undefined))(
    '$name: $sees.case',
    { timeout: 30_000 },
    async ({ set, sees }) => {
      const lab = open()
      await lab.heal()
      await lab.set(set(lab.state, lab.identities))
      expect(judge(await lab.round())).toEqual(sees)
      await lab.heal()
      expect(judge(await lab.round())).toEqual(healthy)
    }
  )
})

everywhere('every case is produced in the lab, but for those that need a server which it has not', () => {
  const produced = new Set(faults.map(({ sees }) => sees?.case))
  expect(catalogue.flatMap(({ id }) => (produced.has(id) ? [] : [id]))).toEqual([...notInTheLab])
})
