import { describe, expect, test } from 'vitest'
import { catalogue } from '../../../probe/cases/catalogue.ts'
import { allClouds, type CloudId } from '../../../probe/clouds.ts'
import { changedAnswers, setUps } from '../clouds/aws/configuration/set-ups.ts'
import { confirmable } from './gcp/set-ups.ts'

/** The causes that the tests of each cloud confirm, with the case in which they do. Tests next to these rule out every cause of every case. */
const confirmedBy: Readonly<Partial<Record<CloudId, readonly { readonly id: string; readonly case?: string }[]>>> = {
  aws: [...setUps, ...changedAnswers.map(id => ({ id }))],
  gcp: confirmable
}

describe.each(allClouds)(
  'every candidate that a case can have on $title',
  ({ id: cloud, configuration: { causes, actions } }) => {
    const confirmed = confirmedBy[cloud] ?? []
    const candidates = catalogue.flatMap(({ id }) =>
      causes.filter(({ explains }) => explains.includes(id)).map(cause => ({ case: id, cause }))
    )

    test('is confirmed by a test, or says why no configuration confirms it', () => {
      expect(candidates.length).toBeGreaterThan(100)
      const bare = candidates.filter(
        ({ cause }) => (cause.unconfirmed === undefined) !== confirmed.some(({ id }) => id === cause.id)
      )
      expect(bare).toEqual([])
      expect(causes.filter(({ unconfirmed }) => unconfirmed === '')).toEqual([])
    })

    test('and every other cause that can be confirmed is confirmed by a test as well', () => {
      const confirmable = causes.filter(({ unconfirmed }) => unconfirmed === undefined).map(({ id }) => id)
      expect(new Set(confirmed.map(({ id }) => id))).toEqual(new Set(confirmable))
    })

    test('names the permissions that it is read by, and these are the ones that are granted', () => {
      const named = new Set(causes.flatMap(({ readBy }) => readBy))
      expect([...named].filter(action => !actions.includes(action))).toEqual([])
      const confirmable = causes.filter(({ unconfirmed }) => unconfirmed === undefined)
      expect(confirmable.filter(({ readBy }) => readBy.length === 0)).toEqual([])
    })
  }
)
