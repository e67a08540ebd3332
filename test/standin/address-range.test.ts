import { expect, test } from 'vitest'
import { isInRange, pickAddress, pickIpv6Address } from './address-range.ts'

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

test('an owner gets the same IPv6 address in every run, unless that is taken', () => {
  const range = '2001:db8:0:1::/64'
  const first = pickIpv6Address(range, 'a', new Set())
  const second = pickIpv6Address(range, 'a', new Set([first]))
  expect(pickIpv6Address(range, 'a', new Set())).toBe(first)
  expect([isInRange(first, range), isInRange(second, range), first === second]).toEqual([true, true, false])
})

for (const { range, addresses } of [
  { range: '10.0.1.0/24', addresses: ['10.0.1.9', '10.0.2.9', '2001:db8:0:1::9', 'regions/us-west1'] },
  { range: '2001:db8:0:1::/64', addresses: ['2001:db8:0:1::9', '2001:db8:0:2::9', '10.0.1.9', 'regions/us-west1'] }
]) {
  test(`the range ${range} holds its own addresses alone`, () => {
    expect(addresses.map(address => isInRange(address, range))).toEqual([true, false, false, false])
  })
}
