import { nominalEnvironments, type Target } from '../target.ts'
import type { Evidence } from './evidence.ts'
import type { Layer } from './observation.ts'
import type { ShellCommand } from './shell.ts'

/** How bad it is: `critical` stops the link or its privacy, `warning` will or may, `info` is good to know. */
export const severities = ['none', 'info', 'warning', 'critical'] as const
export type Severity = (typeof severities)[number]

/** One step of a remedy. */
export interface Step {
  /** A possible cause, if packets do not distinguish the causes. Such steps are in the order of likelihood. */
  readonly cause?: string
  /** What to do, or to look at. */
  readonly do: string
  /** A shell command for it, with the target's ids in place, or a `<placeholder>` for one that is not known. */
  readonly run?: ShellCommand
}

/** What a remedy says of a target, or the words that stand for it where it is not known which. */
type Subject<Cloud extends Target['cloud']> = Omit<Extract<Target, { cloud: Cloud }>, 'canaries' | 'port'> & {
  readonly port: number | string
}

/** The same, with `<placeholders>` for the ids it lacks. */
export type Ids<Cloud extends Target['cloud']> = {
  readonly [Id in keyof Subject<Cloud>]-?: NonNullable<Subject<Cloud>[Id]>
}

/** All that a remedy says of a target where it is the same on every cloud. */
export type HostAndPort = Pick<Ids<Target['cloud']>, 'host' | 'port' | 'environment'>

/** What to do about it on each cloud. */
export interface Remedy {
  readonly aws: (ids: Ids<'aws'>) => readonly Step[]
  readonly gcp: (ids: Ids<'gcp'>) => readonly Step[]
}

/** What a case and a finding have in common. */
interface Entry {
  /** Kebab-case; a metric label and the name of a runbook. */
  readonly id: string
  /** The layer that shows it; `undefined` if none does. */
  readonly layer: Layer | undefined
  readonly severity: Severity
  /** What it means, in a sentence or two, for an operator who was just woken up. */
  readonly meaning: string
  readonly remedy: Remedy
}

/** Why a link does not work, and what to do. */
export interface Case extends Entry {
  readonly matches: (evidence: Evidence) => boolean
}

/** Something wrong that does not stop the link. */
export interface Finding extends Entry {
  /** Where it was found: addresses, resolvers or names. Nothing, if it was not. */
  readonly about: (evidence: Evidence) => readonly string[]
}

/** The steps to take for a target. */
export function stepsFor(
  { remedy }: { readonly remedy: Remedy },
  target: Subject<'aws'> | Subject<'gcp'>
): readonly Step[] {
  const environment = isNominal(target.environment) ? '<environment>' : target.environment
  return target.cloud === 'aws'
    ? remedy.aws({
        ...target,
        environment,
        vpcId: target.vpcId ?? '<vpc-id>',
        hostedZoneId: target.hostedZoneId ?? '<hosted-zone-id>',
        endpointId: target.endpointId ?? '<vpc-endpoint-id>',
        endpointDnsName: target.endpointDnsName ?? '<endpoint-dns-name>',
        securityGroupId: target.securityGroupId ?? '<security-group-id>'
      })
    : remedy.gcp({
        ...target,
        environment,
        project: target.project ?? '<project>',
        network: target.network ?? '<network>',
        managedZone: target.managedZone ?? '<managed-zone>',
        forwardingRule: target.forwardingRule ?? '<forwarding-rule>',
        endpointAddress: target.endpointAddress ?? '<endpoint-address>',
        egressFirewall: target.egressFirewall ?? '<firewall-rule>'
      })
}

const isNominal = (environment: string) => nominalEnvironments.some(each => each === environment)

/** A remedy that is the same on every cloud. */
export function anywhere(steps: (target: HostAndPort) => readonly Step[]): Remedy {
  return { aws: steps, gcp: steps }
}
