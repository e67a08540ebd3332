import fc from 'fast-check'
import { expect, test } from 'vitest'
import { allClouds } from '../../probe/clouds.ts'
import { nominalEnvironments, targetOf } from '../../probe/target.ts'
import { linkInTargetName, readTargetName, targetName } from '../../probe/target-name.ts'

const part = fc.stringMatching(/^[a-z0-9-]{1,100}$/)

test('the name of a target is taken apart into what it was built of, and is a name for every cloud', () => {
  fc.assert(
    fc.property(part, part, part, (environment, link, cluster) => {
      const name = targetName({ environment, link, cluster })
      expect(readTargetName(name)).toEqual({ environment, link, cluster })
      for (const { target } of allClouds) expect(target.shape.name.parse(name)).toBe(name)
      expect(new RegExp(`^(?:${linkInTargetName})$`).exec(name)?.[1]).toBe(link)
    })
  )
})

test('what is read from a name builds that name, and what is no name is not read', () => {
  const good = fc.stringMatching(/^[a-z0-9-]{1,9}$/)
  const bad = fc.constantFrom('', 'Prod', 'a b', 'a.b', 'a\n', 'a'.repeat(101))
  const parts = fc.array(fc.oneof({ arbitrary: good, weight: 9 }, { arbitrary: bad, weight: 1 }), {
    minLength: 2,
    maxLength: 4
  })
  const read = { some: 0, none: 0 }
  fc.assert(
    fc.property(
      fc.oneof(
        parts.map(all => all.join('/')),
        fc.string()
      ),
      name => {
        const seen = readTargetName(name)
        if (seen !== undefined) expect(targetName(seen)).toBe(name)
        for (const { target } of allClouds) {
          expect(target.shape.name.safeParse(name).success).toBe(seen !== undefined)
        }
        read[seen === undefined ? 'none' : 'some'] += 1
      }
    ),
    { numRuns: 2000 }
  )
  expect(read.some).toBeGreaterThan(100)
  expect(read.none).toBeGreaterThan(100)
})

test('a private link without an environment gets a name that is taken apart again', () => {
  for (const environment of nominalEnvironments) {
    for (const { id, example } of allClouds) {
      const { host, port, region } = example
      const { name } = targetOf(
        { host, port, cloud: id, region, label: 'in01-1', cluster: 'in01-1', names: 'cluster' },
        environment,
        'in01-1'
      )
      expect(readTargetName(name)).toEqual({ environment, link: `${id}-${region}`, cluster: 'in01-1' })
    }
  }
})
