import { expect, test } from 'vitest'
import { isInRange, pickAddress } from './address-range.ts'

const reserved = { first: 4, last: 1 }

test('an owner gets the same address in every run', () => {
  const picks = ['a', 'b', 'a'].map(owner => pickAddress('10.0.1.0/24', owner, new Set(), reserved))
  expect(picks).toEqual(['10.0.1.74', '10.0.1.22', '10.0.1.74'])
})

test('owners fill a subnet but for what the cloud keeps, and then get nothing', () => {
  const taken = new Set<string>()
  const picks = ['a', 'b', 'c', 'd'].map(owner => {
    const address = pickAddress('10.0.1.248/29', owner, taken, reserved)
    if (address !== undefined) taken.add(address)
    return address
  })
  expect(picks.slice(0, 3).toSorted()).toEqual(['10.0.1.252', '10.0.1.253', '10.0.1.254'])
  expect(picks[3]).toBeUndefined()
})

test('a range holds its own addresses and no text', () => {
  const range = '10.0.1.0/24'
  expect(['10.0.1.9', '10.0.2.9', 'regions/us-west1'].map(address => isInRange(address, range))).toEqual([
    true,
    false,
    false
  ])
})
