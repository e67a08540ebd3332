import { Fn, Token } from 'cdktf'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isToken } from '../../modules/token.ts'

const tokens = {
  'a text': Token.asString(Fn.lookup({ a: 'b' }, 'a')),
  'a text among others': `https://${Token.asString(Fn.uuid())}:443`,
  'a number': Token.asNumber(Fn.lengthOf(['a'])),
  'a list of texts': Token.asList(Fn.tolist(['a'])),
  'a list of numbers': Token.asNumberList(Fn.tolist([1])),
  'a map': Token.asStringMap(Fn.tomap({ a: 'b' })),
  'an expression': Fn.tolist(['a'])
}

for (const [what, token] of Object.entries(tokens)) {
  test(`${what} that only Terraform knows is a token`, () => {
    expect(Token.isUnresolved(token)).toBe(true)
    expect(isToken(token)).toBe(true)
  })
}

test('what is a token is what cdktf says it is, whatever the value', () => {
  const marker = fc.constantFrom('${TfToken[TOKEN.1]}', '#{TfToken[TOKEN.2]}', '&{TfToken[TOKEN.3]}', '${TfToken[]}')
  const double = fc.double({ noNaN: false })
  const leaf = fc.oneof(fc.string(), marker, double, fc.constantFrom(...Object.values(tokens)), fc.constant(null))
  const value = fc.oneof(
    leaf,
    fc.array(leaf, { maxLength: 3 }),
    fc.dictionary(fc.oneof(fc.string(), marker), leaf, { maxKeys: 2 }),
    fc.record({
      resolve: fc.oneof(
        fc.constant(() => 'value'),
        fc.string()
      )
    })
  )
  fc.assert(
    fc.property(value, given => {
      expect(isToken(given)).toBe(Token.isUnresolved(given))
    }),
    { numRuns: 2000 }
  )
})
