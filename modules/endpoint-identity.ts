import { z } from 'zod'

/** An endpoint as Zilliz Cloud tells it apart from others. Values are Terraform expressions until the deploy. */
export interface EndpointIdentity {
  /** The id of the endpoint, or its name if the cloud registers endpoints by name. */
  readonly id: string
  /** The project that a name is unique in, with a region; undefined if the id is unique by itself. */
  readonly project: string | undefined
}

/** The value of the output `endpoint_ids`: for programs, by the names of the links. */
export function endpointIdsOutput(endpoints: Readonly<Record<string, EndpointIdentity>>): object {
  return Object.fromEntries(
    Object.entries(endpoints).map(([link, { id, project }]) => [
      link,
      { id, ...(project === undefined ? {} : { project }) }
    ])
  )
}

/** What a deploy put out as `endpoint_ids`. */
export const EndpointIds = z.record(
  z.string(),
  z
    .looseObject({ id: z.string(), project: z.string().optional() })
    .transform(({ id, project }): EndpointIdentity => ({ id, project }))
)
