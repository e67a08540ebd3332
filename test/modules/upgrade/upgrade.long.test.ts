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
const meant: readonly Meant[] = [
  {
    type: 'aws_ecs_task_definition',
    actions: ['delete', 'create'],
    because:
      'the config of the probe says how many probes there are; every change of a task definition is a new revision'
  },
  { type: 'aws_ecs_service', actions: ['update'], because: 'it runs the new revision' },
  {
    type: 'google_compute_instance_template',
    actions: ['create', 'delete'],
    because: 'the config of the probe says how many probes there are; every change of a template is a new template'
  },
  { type: 'google_compute_instance_group_manager', actions: ['update'], because: 'it has VMs of the new template' }
]

/** Every change of an output: its name, and why. */
const meantOutputs: Readonly<Record<string, string>> = {
  endpoint_ids: 'new: the ids that programs read',
  scrape_configs: 'the labels of the probe win over those that Prometheus adds'
}

const kindOf = ({ address, actions }: PlannedChange) => `${actions.join(' and ')} ${address}`.replace(/\.\S+$/, '')
const isMeant = new Set(meant.map(({ type, actions }) => `${actions.join(' and ')} ${type}`))

/** What the plans of all environments change, by kind. */
const seen = new Set<string>()

const left = readAll('test/modules/upgrade/left')

for (const { literal, state, clouds } of left) {
  test(`${literal.name}, as the release that users have left it, is deployed by this one without a destroy or a replacement`, async () => {
    const terraform = await openTerraform({ configuration: await synthesize(literal), clouds })
    try {
      await writeFile(join(terraform.directory, 'terraform.tfstate'), JSON.stringify(state))
      await terraform.init()
      const { changes, outputs, errors } = await terraform.plan()
      expect(errors).toEqual([])
      for (const change of changes) seen.add(kindOf(change))
      for (const name of Object.keys(outputs)) seen.add(name)
      expect({
        changes: changes.filter(change => !isMeant.has(kindOf(change))),
        outputs: Object.keys(outputs).filter(name => !(name in meantOutputs))
      }).toEqual({ changes: [], outputs: [] })
      if (changes.length === 0) return
      expect((await terraform.apply()).errors).toEqual([])
      expect((await terraform.plan()).changes).toEqual([])
    } finally {
      await terraform.close()
    }
  })
}

test('nothing is allowed to change that does not', () => {
  expect([...isMeant, ...Object.keys(meantOutputs)].filter(kind => !seen.has(kind))).toEqual([])
})

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
