import { z } from 'zod'
import { ServiceAccount } from './identifiers.ts'

/** How an environment reaches Google Cloud. */
export const GcpAccess = z
  .strictObject({
    impersonateServiceAccount: ServiceAccount.exactOptional().describe(
      'The service account to act as. Default: none, the credentials apply unchanged.'
    )
  })
  .describe('How the environment reaches Google Cloud.')
