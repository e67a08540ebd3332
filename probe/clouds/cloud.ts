import type { z } from 'zod'
import type { CaseId } from '../cases/catalogue.ts'
import type { FindingId } from '../cases/findings.ts'
import type { CloudConfiguration } from '../causes/configuration.ts'
import type { ConfirmedCause } from '../causes/inquiry.ts'
import type { shapedText } from '../schema/shaped-text.ts'
import type { Step } from './step.ts'

/** All that the probe knows of a cloud in particular. A cloud is a folder with one such object, and a line in `clouds.ts`. */
export interface Cloud<Id extends string, Target extends z.ZodObject> {
  /** As targets, metrics and names of hosts have it. */
  readonly id: Id
  /** As people call it. */
  readonly title: string
  /** What a config says of a target on this cloud. */
  readonly target: Target
  /** A target with every id that a config can give. */
  readonly example: Complete<z.output<Target>>
  /** A region in the cloud's own spelling. */
  readonly region: ReturnType<typeof shapedText>
  /** How the addresses of an endpoint are known. */
  readonly endpoint: KnownEndpoint<z.output<Target>>
  /** How the SOA of a zone tells whether the zone is private. */
  readonly zones: {
    /** The primary name server of every private zone, and of no public one. */
    readonly privatePrimary: string
    /** The primary name servers of public zones. */
    readonly publicPrimary: RegExp
  }
  /** Whether the IPv6 addresses of a network are public ones by their range. */
  readonly hasGlobalIpv6: boolean
  /** The addresses at which a machine reads its metadata, as subnets. */
  readonly metadata: readonly string[]
  /** The maker of its machines, as their firmware names it. */
  readonly maker: RegExp
  /** The address at which every network has its own resolver, which answers from private zones. */
  readonly resolver: string
  /** The time server of the network. */
  readonly timeServer: string
  /** What to do about a case or a finding. */
  stepsFor(entry: CaseId | FindingId, target: RemedySubject<z.output<Target>>): readonly Step[]
  /** The network in which the host must resolve, as the metadata service of a machine names it; `undefined` if it is not known. */
  network(target: z.output<Target>): string | undefined
  /** The id, or name, by which its endpoint is registered with Zilliz Cloud; `undefined` if it is not known. */
  registeredAs(target: z.output<Target>): string | undefined
  /** How its own API is asked why. */
  readonly configuration: CloudConfiguration<z.output<Target>>
  /** What to do about a cause that is confirmed. */
  stepsForCause(cause: ConfirmedCause, target: RemedySubject<z.output<Target>>): readonly Step[]
}

/** The endpoint of a target: its own name is asked for its addresses each round, or the config has its address. */
export type KnownEndpoint<Target> =
  | {
      readonly by: 'name'
      of(target: Target): string | undefined
      /** What a failure on one of its several addresses tells, as a clause. */
      readonly oneAddressDown: string
      /** The form of its regional name. */
      readonly regional: RegExp
      /** The form of its name in one availability zone. */
      readonly zonal: RegExp
    }
  | { readonly by: 'address'; of(target: Target): string | undefined }

/** A target that lacks nothing but canaries and a stack of its own. */
export type Complete<Target> = Target extends unknown
  ? { readonly [Field in Exclude<keyof Target, 'canaries' | 'stack'>]-?: NonNullable<Target[Field]> }
  : never

/** What a remedy says of a target, or the words that stand for it where it is not known which. */
export type RemedySubject<Target> = Target extends unknown
  ? Omit<Target, 'canaries' | 'port' | 'stack'> & {
      readonly port: number | string
      readonly stack?: string | undefined
    }
  : never

/** The same, with `<placeholders>` for the ids it lacks. */
export type Ids<Target> = Pick<RemedySubject<Target>, 'stack'> & {
  readonly [Id in Exclude<keyof RemedySubject<Target>, 'stack'>]-?: NonNullable<RemedySubject<Target>[Id]>
}

/** All that a remedy says of a target where it is the same on every cloud. */
export interface HostAndPort {
  readonly host: string
  readonly port: number | string
  readonly environment: string
  readonly stack?: string | undefined
}

/** What to do about a case or a finding. */
export type Remedy<In> = (ids: In) => readonly Step[]

/** A remedy for every case and every finding: a missing one does not compile. */
export type Remedies<In> = Readonly<Record<CaseId | FindingId, Remedy<In>>>
