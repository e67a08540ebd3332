import type { CloudId } from '../probe/clouds.ts'
import { aws } from './aws/starter.ts'
import { gcp } from './gcp/starter.ts'
import type { StarterCloud } from './starter.ts'

/** Every cloud there is, in a new project. */
export const clouds = { aws, gcp } as const satisfies Readonly<Record<CloudId, StarterCloud>>
