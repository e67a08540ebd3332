import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compress, gzipOf } from '../../../probe/metrics/gzip.ts'

test('pieces that were compressed apart are one gzip file of their texts, whatever they hold', () => {
  const texts = fc.array(fc.oneof(fc.string({ unit: 'binary' }), fc.constant('privatelink_case 1\n'.repeat(5000))))
  fc.assert(
    fc.property(texts, all => {
      const file = gzipOf(all.map(compress))
      // It ends with the CRC-32 and the size of the whole: inflating it checks both.
      expect(gunzipSync(file).toString()).toBe(all.join(''))
    })
  )
})

test('a piece may stand in several files', () => {
  const [one, other] = [compress('one\n'), compress('other\n')]
  expect(gunzipSync(gzipOf([one, other])).toString()).toBe('one\nother\n')
  expect(gunzipSync(gzipOf([other, one, other])).toString()).toBe('other\none\nother\n')
})

test('a file in which an octet has changed is refused', () => {
  const file = gzipOf([compress('one\n'), compress('other\n')])
  file[file.length - 8] = (file[file.length - 8] ?? 0) ^ 1
  expect(() => gunzipSync(file)).toThrow('incorrect data check')
})
