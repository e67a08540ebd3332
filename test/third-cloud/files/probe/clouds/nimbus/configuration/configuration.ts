import { type Asked, answered } from '../../../causes/asked.ts'
import { confirmed, judgedBy, notKnown, ruledOut } from '../../../causes/cause.ts'
import { type CloudConfiguration, cloudConfiguration } from '../../../causes/configuration.ts'
import type { NimbusTarget } from '../target.ts'

interface NimbusFacts {
  /** Whether the gate is open. */
  readonly gate: Asked<{ readonly isOpen: boolean }>
}

/** How Nimbus is asked for its configuration. */
export const configuration: CloudConfiguration<NimbusTarget> = cloudConfiguration<object, NimbusFacts, NimbusTarget>({
  clients: [],
  actions: ['gates.read'],
  causes: [
    {
      id: 'gate-closed',
      title: 'the gate is closed',
      explains: ['no-answer-to-syn'],
      readBy: ['gates.read'],
      judge: ({ gate }) =>
        judgedBy({ gate }, ({ gate: { isOpen } }) =>
          isOpen ? ruledOut('the gate is open') : confirmed('the gate is closed', 'zilliz-gate')
        )
    }
  ],
  elsewhere: () => notKnown('Nimbus has no metadata service'),
  ownMachine: async () => undefined,
  load: async () => ({}),
  read: async () => ({ gate: answered({ isOpen: false }) }),
  explain: () => undefined
})
