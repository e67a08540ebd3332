import { z } from 'zod'
import { shown } from '../../probe/schema/mistakes.ts'
import { EnvironmentName, LinkName } from '../../probe/schema/names.ts'
import { type CloudShare, type Link, linksOn, type PartlyRead } from '../cloud.ts'
import { clouds, linkOptions, optionsOfClouds } from '../clouds.ts'
import type { Mistake } from '../mistakes.ts'
import { Backend } from './backend.ts'

const links = z
  .record(LinkName, linkOptions)
  .describe(
    'The private links by name. A name is part of the Terraform addresses, so adding a link never changes the other links.'
  )

/** The options of an environment: what one `cdktf deploy` deploys, a Terraform stack with its private links, by name. */
export const EnvironmentOptions = z
  .strictObject({
    name: EnvironmentName.describe('Names the stack: `cdktf deploy <name>`.'),
    backend: Backend,
    ...optionsOfClouds('access'),
    ...optionsOfClouds('marks'),
    protect: z
      .array(z.string())
      .default([])
      .describe(
        'Names of links whose endpoints no deploy may destroy or replace. These links must stay in the environment.'
      ),
    links
  })
  .superRefine(
    (environment, context) => {
      for (const { path, message } of [
        ...vanished(environment),
        ...unprotectable(environment),
        ...takenNames(environment),
        ...ofClouds(environment)
      ])
        context.addIssue({ code: 'custom', path: [...path], message })
    },
    { when: () => true }
  )

export type EnvironmentOptions = z.output<typeof EnvironmentOptions>

/** An environment as it is written: the type of the literals in `environments/`. */
export type EnvironmentLiteral = z.input<typeof EnvironmentOptions>

/** The environment variable by which a command asks a program for its environments: the file to write them to. */
export const environmentsFileVariable = 'ZILLIZ_PRIVATELINK_ENVIRONMENTS_FILE'

/** An environment that has been read: well formed, hosts parsed, defaults in place. */
export interface Environment {
  readonly name: string
  readonly backend: Backend
  /** By name, in the order in which they are written. */
  readonly links: Readonly<Record<string, Link>>
  /** What it has on each cloud. */
  readonly shares: readonly CloudShare[]
}

/** Reads an environment of options that agree with each other. */
export function readEnvironment(options: EnvironmentOptions): Environment {
  const shares = Object.entries(clouds).map(([id, cloud]) =>
    // Each link was read by the schema of the cloud that it names.
    cloud.share({ ...options, links: linksOn(id, options.links) as never })
  )
  return {
    name: options.name,
    backend: options.backend,
    links: inOrder(
      Object.keys(options.links),
      shares.map(({ links }) => links)
    ),
    shares
  }
}

/** What clouds have by the names of links, in the order of the names. */
export function inOrder<Value>(
  names: readonly string[],
  ofClouds: readonly Readonly<Record<string, Value>>[]
): Readonly<Record<string, Value>> {
  const all = new Map(ofClouds.flatMap(values => Object.entries(values)))
  return Object.fromEntries(
    names.flatMap(name => {
      const value = all.get(name)
      return value === undefined ? [] : [[name, value]]
    })
  )
}

/** Protected links that are not there: `prevent_destroy` cannot help them, because it goes with the link. */
function vanished({ protect, links }: PartlyRead): readonly Mistake[] {
  if (!Array.isArray(protect) || typeof links !== 'object' || links === null) return []
  return protect.flatMap((name, index) =>
    Object.keys(links).includes(name)
      ? []
      : [
          {
            path: ['protect', index],
            message: `names a link that is not there, got ${shown(name)}. Put the link back, or take its name out to let the deploy destroy it.`
          }
        ]
  )
}

/** Protected links whose endpoints no deploy makes. */
function unprotectable({ protect, links }: PartlyRead): readonly Mistake[] {
  if (!Array.isArray(protect)) return []
  const read = z.record(z.string(), z.unknown()).safeParse(links).data ?? {}
  return protect.flatMap((name, index) =>
    WithEndpointOfOthers.safeParse(read[String(name)]).success
      ? [
          {
            path: ['protect', index],
            message: `names a link with endpoint, which no deploy destroys or replaces, got ${shown(name)}. Remove the name.`
          }
        ]
      : []
  )
}

const WithEndpointOfOthers = z.looseObject({ endpoint: z.unknown().refine(endpoint => endpoint !== undefined) })

/** What the stack names itself, where a link would be of the same name. */
const namesOfStack = new Set([
  ...['backend', 'zilliz', 'register', 'links', 'registrations', 'probes'],
  ...Object.values(clouds).flatMap(({ takenNames }) => takenNames)
])
const isTaken = (name: string) => namesOfStack.has(name) || /^(?:existing|parent)-zone-/.test(name)

/** Links of a name that the stack has for something else. */
function takenNames({ links }: PartlyRead): readonly Mistake[] {
  if (typeof links !== 'object' || links === null) return []
  return Object.keys(links)
    .filter(isTaken)
    .map(name => ({
      path: ['links', name],
      message: `must not have a name that the stack itself uses, got ${shown(name)}. Choose another, such as search.`
    }))
}

function ofClouds(environment: PartlyRead): readonly Mistake[] {
  return Object.entries(clouds).flatMap(([id, cloud]) => cloud.mistakes(environment, linksOn(id, environment.links)))
}
