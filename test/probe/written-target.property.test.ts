import fc from 'fast-check'
import { expect, test } from 'vitest'
import { allClouds } from '../../probe/clouds.ts'
import { readHostArgument } from '../../probe/doctor/host-argument.ts'
import { Target, WrittenTarget } from '../../probe/target.ts'

const label = fc.stringMatching(/^in\d\d-[a-z0-9]{1,20}(-privatelink)?$/)
const port = fc.integer({ min: 1, max: 65_535 })
const written = fc.constantFrom(
  (at: string) => `https://${at}`,
  (at: string) => `https://${at}/`,
  (at: string) => `HTTPS://${at}`,
  (at: string) => at
)

test('a private link gives the same target as the object that has host, port, cloud and region, for doctor as well', () => {
  fc.assert(
    fc.property(label, port, written, fc.constantFrom(...allClouds), (label, port, written, { id, example }) => {
      const { region } = example
      const host = `${label}.${id}-${region}.vectordb.zillizcloud.com`
      const name = `probe/${id}-${region}/${label}-${port}`
      const object = { cloud: id, name, environment: 'probe', region, host, port }
      const link = written(`${host}:${port}`)
      expect(WrittenTarget.parse(link)).toEqual(Target.parse(object))
      expect(WrittenTarget.parse(object)).toEqual(Target.parse(object))
      expect(readHostArgument(link)).toEqual({
        ...Target.parse(object),
        environment: 'doctor',
        name: `doctor/${id}-${region}/${label}`
      })
    })
  )
})
