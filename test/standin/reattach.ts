import type { AwsCloud } from './aws/aws-cloud.ts'
import { awsProvider } from './aws/aws-provider.ts'
import type { GoogleCloud } from './google/google-cloud.ts'
import { googleProvider } from './google/google-provider.ts'
import type { Provider } from './provider.ts'
import { type Hold, type ProviderServer, serveProvider } from './provider-server.ts'
import type { ZillizCloud } from './zilliz/zilliz-cloud.ts'
import { zillizProvider } from './zilliz/zilliz-provider.ts'

/** The clouds that a stack is deployed to. */
export interface Clouds {
  readonly aws?: AwsCloud
  readonly google?: GoogleCloud
  readonly zilliz?: ZillizCloud
}

/** The environment in which Terraform finds the stand-ins in place of the real providers. */
export interface ReattachEnvironment {
  readonly variables: Readonly<Record<string, string>>
  close(): Promise<void>
}

/**
 * Serves the clouds' providers and says so in the words of the environment variables that Terraform reads.
 *
 * @param hold @default - every call is answered at once
 * @param as makes a provider of a cloud another version. @default - the version of the bindings
 */
export async function reattachEnvironment(
  { aws, google, zilliz }: Clouds,
  hold?: Hold,
  as: (provider: Provider) => Provider = provider => provider
): Promise<ReattachEnvironment> {
  const servers: ProviderServer[] = []
  if (aws !== undefined) servers.push(await serveProvider(as(awsProvider(aws)), hold))
  if (google !== undefined) servers.push(await serveProvider(as(googleProvider(google)), hold))
  if (zilliz !== undefined) servers.push(await serveProvider(zillizProvider(zilliz), hold))
  // OpenTofu looks for the same providers in a registry of its own.
  const entries = servers.flatMap(({ address, reattach }) => [
    [address, reattach],
    [address.replace('registry.terraform.io', 'registry.opentofu.org'), reattach]
  ])
  return {
    variables: {
      TF_REATTACH_PROVIDERS: JSON.stringify(Object.fromEntries(entries)),
      CHECKPOINT_DISABLE: '1',
      TF_IN_AUTOMATION: '1'
    },
    close: async () => {
      await Promise.all(servers.map(server => server.close()))
    }
  }
}
