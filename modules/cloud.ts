import type { TerraformStack } from 'cdktf'
import { z } from 'zod'
import type { CloudId } from '../probe/clouds.ts'
import type { Claim } from './claim.ts'
import type { EndpointIdentity } from './endpoint-identity.ts'
import type { Mistake } from './mistakes.ts'
import type { PrivateLink } from './private-link.ts'
import type { Probe } from './probe.ts'
import type { Host } from './zilliz/host.ts'
import type { ZillizOption } from './zilliz/zilliz-option.ts'

/** What a cloud brings to this room: everything in which it differs from others. */
export interface DeployableCloud {
  /** The option of an environment that says how it reaches the cloud. */
  readonly access: z.core.$ZodLooseShape
  /** What that option has. */
  readonly accessOptions: z.ZodType
  /** The options of an environment that mark all its resources on the cloud. */
  readonly marks: z.core.$ZodLooseShape
  /** The options of a link. */
  readonly link: z.ZodType
  /** The options of an endpoint that others made. */
  readonly endpoint: z.ZodType
  /** The options of a probe. */
  readonly probe: z.ZodType
  /** Where an operator looks at an endpoint: `the … console`. */
  readonly console: string
  /** The files in its folder `permissions/` that let a deployer do what a deploy does. Each adds to the one before it. */
  readonly permissions: Readonly<Record<Permitted, string>>
  /** Ids that the stack uses for this cloud, so that no link can have them as its name. */
  readonly takenNames: readonly string[]
  /**
   * What is wrong between the options of an environment that are each well formed. What could not be read takes no part.
   *
   * @param own the links of the environment on this cloud
   */
  mistakes(environment: PartlyRead, own: Readonly<Record<string, unknown>>): readonly Mistake[]
  /**
   * What an environment has on this cloud.
   *
   * @param environment its name, `protect`, `access` and `marks`, and those of its links that are on this cloud, as its schemas read them
   */
  share(environment: never): CloudShare
}

/** What a deploy may need permissions for. */
export type Permitted = 'links' | 'probe' | 'identity' | 'spokes'

/** The options of an environment, of which any may be of a wrong form. */
export type PartlyRead = Readonly<Record<string, unknown>>

/** What an environment has on one cloud. */
export interface CloudShare {
  /** By name. */
  readonly links: Readonly<Record<string, Link>>
  /** Loads what adds it to a stack. Only that needs the bindings of the cloud: an environment that does not use it loads none. */
  load(): Promise<AddShare>
}

/** Adds provider, zones, links and probes to the stack of the environment. */
export type AddShare = (stack: TerraformStack) => Deployed

/** What was made of the links on one cloud, by their names. */
export interface Deployed {
  readonly links: Readonly<Record<string, PrivateLink>>
  /** Of the links that have one. */
  readonly probes: Readonly<Record<string, Probe>>
}

/** A link, as far as it is the same on every cloud. */
export interface Link {
  readonly cloud: CloudId
  /** The region of its service, as Zilliz Cloud spells it: `aws-us-west-2`. */
  readonly regionId: string
  /** The hosts that are written down. */
  readonly hosts: readonly Host[]
  readonly zilliz: ZillizOption | undefined
  /** Its endpoint, if that is known before the deploy. */
  readonly endpointId: EndpointIdentity | undefined
  /** What it owns. */
  readonly claims: readonly Claim[]
}

/** What has a name, such as a link in its environment. */
export interface Named<Described> {
  readonly name: string
  readonly link: Described
}

/** The links on a cloud, whether or not all of each could be read. */
export function linksOn(cloud: string, links: unknown): Readonly<Record<string, unknown>> {
  if (typeof links !== 'object' || links === null) return {}
  const onCloud = z.looseObject({ cloud: z.literal(cloud) })
  return Object.fromEntries(Object.entries(links).filter(([, link]) => onCloud.safeParse(link).success))
}
