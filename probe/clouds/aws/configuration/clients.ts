import type { EC2Client } from '@aws-sdk/client-ec2'
import type { Route53Client } from '@aws-sdk/client-route-53'
import type { STSClient } from '@aws-sdk/client-sts'
import { type JsonApi, openJsonApi } from './json-api.ts'

/** The packages that {@link loadClients} imports. */
export const clientPackages = [
  '@aws-sdk/client-ec2',
  '@aws-sdk/client-route-53',
  '@aws-sdk/client-sts',
  'aws4fetch'
] as const

/** The clients of AWS's APIs, and the commands that they send. */
export interface AwsClients {
  readonly of: (region: string) => RegionalClients
  readonly ec2: typeof import('@aws-sdk/client-ec2')
  readonly route53: typeof import('@aws-sdk/client-route-53')
  readonly sts: typeof import('@aws-sdk/client-sts')
}

/** The clients for one region. */
export interface RegionalClients {
  readonly ec2: EC2Client
  readonly route53: Route53Client
  readonly sts: STSClient
  /** The services that have no client of their own here. */
  readonly json: JsonApi
}

/**
 * Imports the clients. They take credentials from the default chain of AWS: environment, shared files, the role of the
 * container or the machine.
 */
export async function loadClients(): Promise<AwsClients> {
  const [ec2, route53, sts, { AwsV4Signer }] = await Promise.all([
    import('@aws-sdk/client-ec2'),
    import('@aws-sdk/client-route-53'),
    import('@aws-sdk/client-sts'),
    import('aws4fetch')
  ])
  const regional = new Map<string, RegionalClients>()
  const open = (region: string): RegionalClients => {
    // A call that fails is not repeated: it has a deadline, and its cause is then not known.
    const common = { region, maxAttempts: 1 }
    const first = new ec2.EC2Client(common)
    // The chain is walked once for all of them.
    const shared = { ...common, credentials: first.config.credentials }
    return {
      ec2: first,
      route53: new route53.Route53Client(shared),
      sts: new sts.STSClient(shared),
      json: openJsonApi(AwsV4Signer, region, () => first.config.credentials())
    }
  }
  return {
    of: region => {
      const known = regional.get(region) ?? open(region)
      regional.set(region, known)
      return known
    },
    ec2,
    route53,
    sts
  }
}
