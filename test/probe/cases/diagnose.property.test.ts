import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type CaseId, catalogue } from '../../../probe/cases/catalogue.ts'
import { diagnose } from '../../../probe/cases/diagnose.ts'
import { type State, states } from '../../../probe/cases/state.ts'
import { symptoms } from '../../../probe/cases/symptoms.ts'
import { allClouds, type CloudId } from '../../../probe/clouds.ts'
import { stepsFor } from '../../../probe/words/remedy.ts'
import { anyEvidence } from '../../support/arbitrary-evidence.ts'
import { address, evidence, onlyTcp } from '../../support/evidence.ts'

test('any evidence gives one case of the catalogue, one symptom and one state, the same each time, and findings that say where, on every cloud', () => {
  const given = new Set<CaseId>()
  const on = new Set<CloudId>()
  fc.assert(
    fc.property(anyEvidence, evidence => {
      const diagnosis = diagnose(evidence)
      expect(catalogue).toContain(diagnosis.case)
      expect(symptoms).toContain(diagnosis.symptom)
      expect(states).toContain(diagnosis.state)
      expect(diagnose(structuredClone(evidence))).toEqual(diagnosis)
      const ids = diagnosis.findings.map(({ finding }) => finding.id)
      expect(new Set(ids).size).toBe(ids.length)
      for (const { finding, about } of diagnosis.findings) {
        expect(about.length).toBeGreaterThan(0)
        expect(stepsFor(finding, evidence.target).length).toBeGreaterThan(0)
      }
      given.add(diagnosis.case.id)
      on.add(evidence.target.cloud)
    }),
    { numRuns: 3000 }
  )
  // Evidence of which nothing but one case could be made would prove little.
  expect(given.size).toBeGreaterThan(20)
  expect(on.size).toBe(allClouds.length)
})

test('a target is healthy only if a client gets all the way on an address that resolved', () => {
  fc.assert(
    fc.property(anyEvidence, evidence => {
      if (diagnose(evidence).case.id !== 'healthy') return
      const good = evidence.addresses.some(
        ({ byLibc, byResolvers, path }) =>
          (byLibc || byResolvers) && path.reached === 'tls' && path.application.kind === 'reply'
      )
      expect(good).toBe(true)
    }),
    { numRuns: 3000 }
  )
})

/** What chance would hardly make. */
const wellOrNearly = fc.constantFrom(
  evidence(),
  evidence({ addresses: [address('10.0.1.7'), address('10.0.2.7', onlyTcp({ kind: 'timeout' }))] })
)

test('symptom, case and state agree, whatever was seen', () => {
  const given = new Set<State>()
  fc.assert(
    fc.property(fc.oneof({ arbitrary: anyEvidence, weight: 9 }, { arbitrary: wellOrNearly, weight: 1 }), seen => {
      const { symptom, state, case: judged, findings } = diagnose(seen)
      const isCritical = findings.some(({ finding }) => finding.severity === 'critical')
      expect(symptoms).toContain(symptom)
      if (judged.id === 'healthy') expect(symptom).toBe('none')
      if (state === 'healthy') expect([symptom, judged.id, isCritical]).toEqual(['none', 'healthy', false])
      if (state === 'degraded') expect([symptom, judged.id !== 'healthy' || isCritical]).toEqual(['none', true])
      if (state === 'failing') expect(['none', 'unknown']).not.toContain(symptom)
      if (state === 'unknown') expect(symptom).toBe('unknown')
      given.add(state)
    }),
    { numRuns: 3000 }
  )
  expect(given.size).toBe(states.length)
})
