import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test as plain } from 'vitest'
import { z } from 'zod'
import { Zone } from '../../../modules/zone.ts'
import { openTerraform, type PlannedChange } from '../../standin/terraform.ts'
import { synthesize } from '../../support/synthesize.ts'
import { testWith } from '../../support/test-with.ts'
import { readAll } from './left.ts'

const test = testWith('terraform')

/** A change that users of the release get with their next deploy, and why they may have it. */
interface Meant {
  /** The type of the resource. */
  readonly type: string
  readonly actions: readonly string[]
  readonly because: string
}

/** Every change of a resource. A replacement is here only if each change of such a resource is a new revision of it. */
const meant: readonly Meant[] = []

/** Every change of an output: its name, and why. */
const meantOutputs: Readonly<Record<string, string>> = {}

const isMeant = ({ address, actions }: PlannedChange) =>
  meant.some(each => address.startsWith(`${each.type}.`) && String(each.actions) === String(actions))

const left = readAll('test/modules/upgrade/left')

for (const { literal, state, clouds } of left) {
  test(`${literal.name}, deployed by the release that users have, is neither destroyed nor replaced by this one`, async () => {
    const terraform = await openTerraform({ configuration: synthesize(literal), clouds })
    try {
      await writeFile(join(terraform.directory, 'terraform.tfstate'), JSON.stringify(state))
      await terraform.init()
      const { changes, outputs, errors } = await terraform.plan()
      expect(errors).toEqual([])
      expect(changes.filter(change => !isMeant(change))).toEqual([])
      expect(Object.keys(outputs).filter(name => meantOutputs[name] === undefined)).toEqual([])
    } finally {
      await terraform.close()
    }
  })
}

const Links = z.record(z.string(), z.looseObject({ cloud: z.enum(['aws', 'gcp']), zone: Zone }))

for (const cloud of ['aws', 'gcp'] as const) {
  plain(`what the release left on ${cloud} has every kind of zone, a probe, an adoption and a registration`, () => {
    const links = left
      .flatMap(({ literal }) => Object.values(Links.parse(literal.links)))
      .filter(link => link.cloud === cloud)
    expect(new Set(links.map(({ zone }) => zone))).toEqual(new Set(Zone.options))
    const options = new Set(links.flatMap(Object.keys))
    for (const option of ['probe', 'zilliz', cloud === 'aws' ? 'adoptRecords' : 'adopt'])
      expect(options).toContain(option)
  })
}
