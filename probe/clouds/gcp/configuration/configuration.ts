import { type CloudConfiguration, cloudConfiguration } from '../../../causes/configuration.ts'
import type { GcpTarget } from '../target.ts'
import { causes } from './causes.ts'
import { judgeElsewhere } from './elsewhere.ts'
import type { GcpFacts } from './facts.ts'
import { type GoogleApi, loadGoogleApi } from './google-api.ts'
import { explain } from './google-fault.ts'
import { readOwnMachine } from './own-machine.ts'
import { readFacts } from './read.ts'
import { actions } from './requests.ts'

/** How Google Cloud is asked for its configuration. */
export const configuration: CloudConfiguration<GcpTarget> = cloudConfiguration<GoogleApi, GcpFacts, GcpTarget>({
  clients: ['google-auth-library'],
  actions,
  causes,
  elsewhere: judgeElsewhere,
  ownMachine: signal => readOwnMachine(process.env, signal),
  load: () => loadGoogleApi(process.env),
  read: readFacts,
  explain
})
