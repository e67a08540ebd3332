import type { CloudConfiguration } from '../../../causes/configuration.ts'
import { cloudConfiguration } from '../../../causes/configuration.ts'
import type { AwsTarget } from '../target.ts'
import { awsActions, awsPause } from './actions.ts'
import { awsCauses } from './causes.ts'
import { type AwsClients, clientPackages, loadClients } from './clients.ts'
import { elsewhere } from './elsewhere.ts'
import { explainAwsError } from './explain.ts'
import type { AwsFacts } from './facts.ts'
import { ownMachine } from './own-machine.ts'
import type { readAws } from './read.ts'

/** What is loaded only when AWS is asked. */
interface Reading {
  readonly clients: AwsClients
  readonly read: typeof readAws
}

/** How AWS is asked for its configuration. */
export const configuration: CloudConfiguration<AwsTarget> = cloudConfiguration<Reading, AwsFacts, AwsTarget>({
  clients: clientPackages,
  actions: awsActions,
  causes: awsCauses,
  elsewhere,
  ownMachine,
  load: async () => {
    const clients = await loadClients()
    return { clients, read: (await import('./read.ts')).readAws }
  },
  read: ({ clients, read }, calls, question) => read(clients, calls, question),
  explain: explainAwsError,
  pauseMs: awsPause
})
