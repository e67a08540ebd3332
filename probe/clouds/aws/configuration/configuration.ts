import { notKnown } from '../../../causes/cause.ts'
import type { CloudConfiguration } from '../../../causes/configuration.ts'
import { cloudConfiguration } from '../../../causes/configuration.ts'
import type { AwsTarget } from '../target.ts'

/** How AWS is asked for its configuration. */
export const configuration: CloudConfiguration<AwsTarget> = cloudConfiguration({
  clients: [],
  actions: [],
  causes: [],
  elsewhere: () => notKnown('nothing is read of AWS'),
  ownMachine: async () => undefined,
  load: async () => ({}),
  read: async () => ({}),
  explain: () => undefined
})
