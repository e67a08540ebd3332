import { expect, test } from 'vitest'
import { readResolverArgument } from '../../../probe/doctor/resolver-argument.ts'

test.for([
  ['10.0.0.2', { address: '10.0.0.2', port: 53 }],
  ['10.0.0.2:5353', { address: '10.0.0.2', port: 5353 }],
  ['fd00:0::2', { address: 'fd00::2', port: 53 }],
  ['[fd00::2]', { address: 'fd00::2', port: 53 }],
  ['[fd00::2]:5353', { address: 'fd00::2', port: 5353 }]
] as const)('%s is a resolver', ([given, read]) => {
  expect(readResolverArgument(given, 'resolver')).toEqual({ name: 'resolver', ...read })
})

test.for(['vpc', '', '10.0.0.2:', '10.0.0.2:65536', '10.0.0', '[10.0.0.2', 'fd00::2]:53', ':53'])(
  '%j is none',
  given => {
    expect(readResolverArgument(given, 'resolver')).toEqual({ mistake: expect.stringContaining(`got "${given}". `) })
  }
)
