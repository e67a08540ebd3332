import { notKnown } from '../../../causes/cause.ts'
import type { CloudConfiguration } from '../../../causes/configuration.ts'
import { cloudConfiguration } from '../../../causes/configuration.ts'
import type { GcpTarget } from '../target.ts'

/** How Google Cloud is asked for its configuration. */
export const configuration: CloudConfiguration<GcpTarget> = cloudConfiguration({
  clients: [],
  actions: [],
  causes: [],
  elsewhere: () => notKnown('nothing is read of Google Cloud'),
  ownMachine: async () => undefined,
  load: async () => ({}),
  read: async () => ({}),
  explain: () => undefined
})
