import { z } from 'zod'
import { providerVersion, type SupportedVersions } from '../provider-version.ts'
import { ServiceAccount } from './identifiers.ts'

/** Held against the schemas of 6.50.0 and 7.45.0. */
export const supportedGcp: SupportedVersions = { provider: 'google', from: '6.50.0', below: '8.0.0' }

/** How an environment reaches Google Cloud. */
export const GcpAccess = z
  .strictObject({
    impersonateServiceAccount: ServiceAccount.exactOptional().describe(
      'The service account to act as. Default: none, the credentials apply unchanged.'
    ),
    providerVersion: providerVersion(supportedGcp)
  })
  .describe('How the environment reaches Google Cloud.')
