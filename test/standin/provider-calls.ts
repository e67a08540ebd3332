import { readDataSourceSchema, readProviderSchema, readResourceSchema } from './binding-schema.ts'
import { CloudError } from './cloud-error.ts'
import { observe } from './observation.ts'
import { draftPlan, settlePlan } from './plan.ts'
import type { DataSource, Provider, Resource } from './provider.ts'
import { type Attribute, type Block, completed, emptyBlock } from './schema.ts'
import type { Attributes } from './value.ts'
import { type DynamicValue, diagnosticMessage, pack, schemaMessage, unpack, unpackIfAny } from './wire.ts'

/** The requests of all calls in one: each call reads the fields that its own message has. */
export interface ProviderRequest {
  readonly type_name: string
  readonly id: string
  readonly config: DynamicValue
  readonly current_state: DynamicValue
  readonly prior_state: DynamicValue
  readonly proposed_new_state: DynamicValue
  readonly planned_state: DynamicValue
  readonly raw_state: { readonly json: Uint8Array }
}

/** Answers one call of the protocol; the peer is the connection that it came over. */
export type ProviderCall = (request: ProviderRequest, peer: string) => object

/** Answers every call of the protocol in the name of a provider. */
export function providerCalls(provider: Provider): Readonly<Record<string, ProviderCall>> {
  const resources = new Map(provider.resources.map(resource => [resource.type, resource]))
  const dataSources = new Map(provider.dataSources.map(dataSource => [dataSource.type, dataSource]))
  const providerSchema = provider.schema ?? readProviderSchema(provider.name)
  // Every configuration of the provider (an alias) has a connection of its own, so the peer tells them apart.
  const settingsOf = new Map<string, Attributes>()
  const settings = (peer: string) => settingsOf.get(peer) ?? emptyBlock(providerSchema)

  return {
    GetSchema: () => ({
      provider: schemaMessage(providerSchema),
      resource_schemas: messagesOf(resources, schemaOf),
      data_source_schemas: messagesOf(dataSources, ({ type, schema }) => schema ?? readDataSourceSchema(type))
    }),

    PrepareProviderConfig: ({ config }) => ({ prepared_config: config }),
    ValidateDataSourceConfig: () => ({}),
    ValidateResourceTypeConfig: ({ type_name, config }) => {
      known(resources, type_name).validate?.(unpack(config))
      return {}
    },

    Configure: ({ config }, peer) => {
      const given = unpack(config)
      provider.configure?.(given)
      settingsOf.set(peer, given)
      return {}
    },

    UpgradeResourceState: ({ type_name, raw_state }) => {
      const kept = JSON.parse(Buffer.from(raw_state.json).toString()) as Attributes
      return { upgraded_state: pack(completed(schemaOf(known(resources, type_name)), kept)) }
    },

    ReadResource: ({ type_name, current_state }, peer) => {
      const state = refresh(provider, known(resources, type_name), unpack(current_state), settings(peer))
      return { new_state: pack(state) }
    },

    PlanResourceChange: ({ type_name, prior_state, proposed_new_state, config }, peer) => {
      const resource = known(resources, type_name)
      const proposed = unpackIfAny(proposed_new_state)
      if (proposed === undefined) return { planned_state: pack(null) }
      const change = draftPlan(schemaOf(resource), resource, unpackIfAny(prior_state), proposed, unpack(config))
      provider.plan(change, settings(peer))
      resource.plan?.(change, settings(peer))
      settlePlan(resource, change)
      return {
        planned_state: pack(change.planned),
        requires_replace: [...change.replace].map(name => ({ steps: [{ attribute_name: name }] })),
        // Whatever has timeouts is of the old SDK, which may plan others than the configuration has.
        legacy_type_system: resource.legacyTypeSystem === true || 'timeouts' in change.planned
      }
    },

    ApplyResourceChange: ({ type_name, prior_state, planned_state }, peer) => {
      const resource = known(resources, type_name)
      const [prior, planned] = [unpackIfAny(prior_state), unpackIfAny(planned_state)]
      const { state, error } = apply(provider, resource, prior, planned, settings(peer))
      return {
        new_state: pack(state),
        diagnostics: error === undefined ? [] : [diagnosticMessage(error)],
        legacy_type_system: resource.legacyTypeSystem === true
      }
    },

    ImportResourceState: ({ type_name, id }) => {
      const resource = known(resources, type_name)
      if (resource.isImportable === false) throw importNotImplemented()
      const state = { ...emptyBlock(schemaOf(resource)), id }
      return { imported_resources: [{ type_name, state: pack(state) }] }
    },

    ReadDataSource: ({ type_name, config }, peer) => {
      const asked = unpack(config)
      return { state: pack({ ...asked, ...known(dataSources, type_name).read(asked, settings(peer)) }) }
    },

    Stop: () => ({})
  }
}

/** A change that has been made, as far as it went. */
interface Applied {
  readonly state: Attributes | null
  readonly error?: CloudError
}

function apply(
  provider: Provider,
  resource: Resource,
  prior: Attributes | undefined,
  planned: Attributes | undefined,
  settings: Attributes
): Applied {
  let reached = prior
  try {
    if (planned === undefined) {
      if (prior !== undefined) resource.delete(prior, settings)
      return { state: null }
    }
    if (prior === undefined) {
      const id = resource.create(planned, settings)
      reached = { ...planned, id }
      resource.settle?.(id, planned)
    } else {
      resource.update?.(planned, prior, settings)
      reached = { ...planned, id: resource.idOf?.(planned) ?? prior.id ?? null }
    }
    return { state: refresh(provider, resource, reached, settings) }
  } catch (error) {
    if (!(error instanceof CloudError)) throw error
    return { state: reached === undefined ? null : refresh(provider, resource, reached, settings), error }
  }
}

function refresh(provider: Provider, resource: Resource, state: Attributes, settings: Attributes): Attributes | null {
  const seen = resource.read(state, settings)
  if (seen === undefined) return null
  const schema = schemaOf(resource)
  return completed(schema, observe(schema, state, provider.read(seen, state, settings)))
}

// The old SDK plans a default for an attribute that is not computed, which Terraform pardons that SDK alone. Here such
// an attribute is computed as well, so that Terraform goes on checking everything else.
function schemaOf({ type, defaults = {}, schema = readResourceSchema(type) }: Resource): Block {
  const { attributes, blocks } = schema
  const withDefaults = Object.entries(attributes).map(([name, attribute]): [string, Attribute] => [
    name,
    name in defaults ? { ...attribute, computed: true } : attribute
  ])
  return { attributes: Object.fromEntries(withDefaults), blocks }
}

// What the plugin framework says in the name of every provider.
function importNotImplemented(): CloudError {
  const detail =
    'This resource does not support import. Please contact the provider developer for additional information.'
  return new CloudError('Resource Import Not Implemented', detail)
}

function messagesOf<Behaviour>(
  behaviours: ReadonlyMap<string, Behaviour>,
  schema: (behaviour: Behaviour) => Block
): Readonly<Record<string, object>> {
  return Object.fromEntries([...behaviours].map(([type, behaviour]) => [type, schemaMessage(schema(behaviour))]))
}

function known<Behaviour extends Resource | DataSource>(
  behaviours: ReadonlyMap<string, Behaviour>,
  type: string
): Behaviour {
  const behaviour = behaviours.get(type)
  if (behaviour === undefined) throw new Error(`the stand-in does not play ${type}`)
  return behaviour
}
