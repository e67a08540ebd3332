import { z } from 'zod'
import type { CloudId } from '../probe/clouds.ts'
import { aws } from './aws/cloud.ts'
import type { DeployableCloud } from './cloud.ts'
import { gcp } from './gcp/cloud.ts'

/** Every cloud there is. */
export const clouds = { aws, gcp } as const satisfies Readonly<Record<CloudId, DeployableCloud>>

type Clouds = (typeof clouds)[CloudId]

/** The union of types as their intersection. */
type Merged<Types> = (Types extends unknown ? (each: Types) => void : never) extends (all: infer All) => void
  ? All
  : never

/** The options of an environment that all clouds bring. */
export function optionsOfClouds<Kind extends 'access' | 'marks'>(kind: Kind): Merged<Clouds[Kind]> {
  return Object.assign({}, ...Object.values(clouds).map(cloud => cloud[kind]))
}

type LinkSchema = Clouds['link']

/** The options of a link, on the cloud that it names. */
export const linkOptions = z.discriminatedUnion(
  'cloud',
  // There is one cloud at least.
  Object.values(clouds).map(({ link }) => link) as [LinkSchema, ...LinkSchema[]]
)
