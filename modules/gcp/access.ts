import { z } from 'zod'
import { ServiceAccount } from './identifiers.ts'

/** How an environment reaches Google Cloud. */
export const GcpAccess = z
  .strictObject({
    impersonateServiceAccount: ServiceAccount.exactOptional().describe(
      'The service account to act as. Left out: the credentials are used as they are.'
    )
  })
  .describe('How the environment reaches Google Cloud.')
