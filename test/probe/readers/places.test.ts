import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createPlaces } from '../../../probe/readers/places.ts'

const Order = fc.record({
  address: fc.constantFrom('a', 'b', 'c', 'd'),
  mayLose: fc.boolean(),
  /** Which of those that were taken before are given back first. */
  back: fc.array(fc.nat(20), { maxLength: 2 })
})

test('places are never more than the limits, whoever takes them and gives them back', () => {
  fc.assert(
    fc.property(
      fc.array(Order, { maxLength: 60 }),
      fc.integer({ min: 1, max: 6 }),
      fc.integer({ min: 1, max: 4 }),
      (orders, total, perAddress) => {
        const places = createPlaces({ total, perAddress })
        const held: { readonly address: string; readonly mayLose: boolean; readonly release: () => void }[] = []
        for (const { address, mayLose, back } of orders) {
          for (const index of back) held.splice(index, 1)[0]?.release()
          const own = () => held.filter(each => each.address === address)
          const before = [...held]
          const lost: (typeof held)[number][] = []
          const holder = {
            mayLose: () => mayLose,
            onLose: () => {
              const index = held.findIndex(each => each.release === release)
              lost.push(...held.splice(index, 1))
            }
          }
          const release: (() => void) | undefined = places.take(address, holder)
          if (release === undefined) {
            // Only if nobody could have lost a place.
            const rivals = own().length >= perAddress ? own() : before
            expect(rivals.some(each => each.mayLose)).toBe(false)
            continue
          }
          held.push({ address, mayLose, release })
          expect(held.length).toBeLessThanOrEqual(total)
          expect(own().length).toBeLessThanOrEqual(perAddress)
        }
      }
    )
  )
})
