import { describe, expect, test } from 'vitest'
import { judgedAddress } from '../../../probe/facts/embedded-address.ts'
import { isPrivateAddress } from '../../../probe/facts/private-address.ts'
import { refusedAddress } from '../../../probe/observers/refused-address.ts'

describe('which addresses are refused', () => {
  test.for([
    ['127.0.0.1', 'loopback'],
    ['127.255.255.254', 'loopback'],
    ['::1', 'loopback'],
    ['::ffff:127.0.0.1', 'loopback'],
    ['0.0.0.0', 'unspecified'],
    ['::', 'unspecified'],
    ['169.254.169.254', 'metadata'],
    ['::ffff:169.254.169.254', 'metadata'],
    ['fd00:ec2::254', 'metadata'],
    ['fd20:ce::254', 'metadata'],
    ['64:ff9b::a9fe:a9fe', 'metadata'],
    ['64:ff9b::7f00:1', 'loopback'],
    ['64:ff9b:1::a9fe:a9fe', 'metadata'],
    ['64:ff9b:1:a9fe:a9:fe00::', 'metadata'],
    ['64:ff9b:1:00a9:fe:a9fe::', 'metadata'],
    ['64:ff9b:1:0:a9:fea9:fe00:0', 'metadata'],
    ['fe80::1%eth0', 'link-local'],
    ['169.254.169.253', 'link-local'],
    ['fe80::1', 'link-local'],
    ['224.0.0.1', 'multicast'],
    ['224.0.0.5', 'multicast'],
    ['239.255.255.255', 'multicast'],
    ['64:ff9b::e000:5', 'multicast'],
    ['255.255.255.255', 'multicast'],
    ['ff02::1', 'multicast'],
    ['10.0.0.1', undefined],
    ['fd00::1', undefined],
    ['203.0.113.1', undefined],
    ['240.10.0.7', undefined],
    ['255.255.255.254', undefined],
    ['64:ff9b::a14:107', undefined],
    ['64:ff9b::f00a:7', undefined],
    ['64:ff9b:1::a14:107', undefined],
    ['64:ff9b:1:a14:1:700::', undefined]
  ] as const)('%s: %s', ([address, refusal]) => {
    expect(refusedAddress(address, false)).toBe(refusal)
    expect(refusedAddress(address, true)).toBe(refusal === 'loopback' ? undefined : refusal)
  })

  test('what is no address is a bug', () => {
    expect(() => refusedAddress('localhost', false)).toThrow('not an address: localhost')
  })
})

test.for([
  ['10.255.0.1', true],
  ['172.16.0.1', true],
  ['172.32.0.1', false],
  ['192.168.1.1', true],
  ['100.64.0.1', true],
  ['100.128.0.1', false],
  ['::ffff:10.0.0.1', true],
  ['fd12::1', true],
  ['2001:db8::1', false],
  ['8.8.8.8', false],
  ['198.18.0.7', true],
  ['198.19.255.254', true],
  ['198.20.0.1', false],
  ['192.0.0.7', true],
  ['192.0.1.7', false],
  ['192.88.99.7', true],
  ['240.10.0.7', true],
  ['223.255.255.254', false],
  ['fec0::7', true],
  ['2001:2::7', true],
  ['2001:2:1::7', false],
  ['5f00::7', true],
  ['100::7', true],
  ['2600:1f14::7', false],
  ['64:ff9b::a14:107', true],
  ['64:ff9b::c612:7', true],
  ['64:ff9b::608:808', false],
  ['64:ff9b:1::a14:107', true],
  ['64:ff9b:1::608:808', false],
  ['64:ff9b:1:a14:1:700::', true],
  ['64:ff9b:1:608:8:800::', false],
  ['64:ff9b:2::a14:107', false],
  ['::ffff:8.8.8.8', false]
] as const)('%s is private: %s', ([address, is]) => {
  expect(isPrivateAddress(address)).toBe(is)
})

/** RFC 6052 §2.4 has 192.0.2.33 under a prefix of each length; these are the lengths that fit into 64:ff9b:1::/48. */
test.for([
  ['64:ff9b::c000:221', '192.0.2.33'],
  ['64:ff9b:1:c000:2:2100::', '192.0.2.33'],
  ['64:ff9b:1:3c0:0:221::', '192.0.2.33'],
  ['64:ff9b:1:344:c0:2:2100:0', '192.0.2.33'],
  ['64:ff9b:1:344::c000:221', '192.0.2.33'],
  ['::ffff:192.0.2.33', '192.0.2.33'],
  ['0:0:0:0:0:FFFF:C000:0221', '192.0.2.33'],
  ['192.0.2.33', '192.0.2.33'],
  ['fd00::c000:221', 'fd00::c000:221'],
  ['64:ff9b:0:1::c000:221', '64:ff9b:0:1::c000:221']
] as const)('%s stands for %s', ([address, judged]) => {
  expect(judgedAddress(address)).toBe(judged)
})
