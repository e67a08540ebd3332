import { shell } from '../shell.ts'
import type { Step } from '../step.ts'
import type { NimbusIds } from './target.ts'

export const attachment = 'field'

export const attachZone = ({ field, host }: NimbusIds): readonly Step[] => [
  { do: 'Open the zone of the private link to this field.', run: shell`nimbus zones open ${host} --field ${field}` }
]

export const listRecords = ({ host }: NimbusIds): Step => ({
  do: 'Compare the records of the zone with the host, character by character.',
  run: shell`nimbus zones records ${host}`
})

export const pointRecord = ({ host, gateAddress }: NimbusIds): readonly Step[] => [
  { do: 'Give the host the address of the gate.', run: shell`nimbus zones set ${host} --address ${gateAddress}` }
]

export const describeEndpoint = ({ gate, region }: NimbusIds): Step => ({
  do: 'Check that the gate is open.',
  run: shell`nimbus gates show ${gate} --region ${region}`
})

export const ownResolver = "the field's own resolver, 169.254.170.53"

export const resolverLimits = 'Check the query limits of the resolver.'

export const aliasDomain = 'the domain of the target'

export const allowInDnsFilter = ({ host, field }: NimbusIds): Step => ({
  do: `Allow ${host} in the hedge of the field.`,
  run: shell`nimbus hedges show --field ${field}`
})

export const checkResolver = ({ field }: NimbusIds): readonly Step[] => [
  { do: 'Check which resolver the field names.', run: shell`nimbus fields show ${field}` }
]

export const checkForwarding = ({ field }: NimbusIds): Step => ({
  do: 'Check where the field forwards the name to.',
  run: shell`nimbus fields forwards ${field}`
})

export const checkRoutes = ({ field }: NimbusIds): Step => ({
  do: 'Check the paths of the field.',
  run: shell`nimbus fields paths ${field}`
})

export const silentFilters = 'hedges'
