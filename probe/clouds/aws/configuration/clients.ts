import type { EC2Client } from '@aws-sdk/client-ec2'
import type { Route53Client } from '@aws-sdk/client-route-53'
import type { Route53ResolverClient } from '@aws-sdk/client-route53resolver'
import type { STSClient } from '@aws-sdk/client-sts'

/** The packages that {@link loadClients} imports. */
export const clientPackages = [
  '@aws-sdk/client-ec2',
  '@aws-sdk/client-route-53',
  '@aws-sdk/client-route53resolver',
  '@aws-sdk/client-sts'
] as const

/** The clients of AWS's APIs, and the commands that they send. */
export interface AwsClients {
  readonly of: (region: string) => RegionalClients
  readonly ec2: typeof import('@aws-sdk/client-ec2')
  readonly route53: typeof import('@aws-sdk/client-route-53')
  readonly resolver: typeof import('@aws-sdk/client-route53resolver')
  readonly sts: typeof import('@aws-sdk/client-sts')
}

/** The clients for one region. */
export interface RegionalClients {
  readonly ec2: EC2Client
  readonly route53: Route53Client
  readonly resolver: Route53ResolverClient
  readonly sts: STSClient
}

/**
 * Imports the clients. They take credentials from the default chain of AWS: environment, shared files, the role of the
 * container or the machine.
 */
export async function loadClients(): Promise<AwsClients> {
  const [ec2, route53, resolver, sts] = await Promise.all([
    import('@aws-sdk/client-ec2'),
    import('@aws-sdk/client-route-53'),
    import('@aws-sdk/client-route53resolver'),
    import('@aws-sdk/client-sts')
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
      resolver: new resolver.Route53ResolverClient(shared),
      sts: new sts.STSClient(shared)
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
    resolver,
    sts
  }
}
