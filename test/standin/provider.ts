import type { Block } from './schema.ts'
import type { Attributes, Value } from './value.ts'

/** What a provider plays: its configuration, its resource types and its data sources. */
export interface Provider {
  /** The name of the provider and of its bindings: `aws`, `google`. */
  readonly name: string
  /** Who publishes it. @default hashicorp */
  readonly namespace?: string
  /** What its configuration may hold. @default - what its bindings tell */
  readonly schema?: Block
  readonly resources: readonly Resource[]
  readonly dataSources: readonly DataSource[]
  /** Refuses a configuration of the provider. */
  configure?(settings: Attributes): void
  /** Adds to every plan what the provider adds to all of its resources: the region, the project, tags, labels. */
  plan(change: Change, settings: Attributes): void
  /** Adds to everything read what the provider derives for all of its resources. */
  read(seen: Attributes, state: Attributes, settings: Attributes): Attributes
}

/** How one type of resource behaves. */
export interface Resource {
  readonly type: string
  /** @default - what its binding tells */
  readonly schema?: Block
  /** Attributes whose change needs a new object. */
  readonly forcesReplacement: readonly string[]
  /** What the provider plans for an attribute that the configuration leaves out. */
  readonly defaults?: Attributes
  /** Computed attributes that an update makes unknown, each with the attributes and blocks whose change does it. */
  readonly changesWith?: Readonly<Record<string, readonly string[]>>
  /** Blocks that the cloud fills in where the configuration has none. */
  readonly computedBlocks?: readonly string[]
  /** Attributes and blocks that the cloud words differently, each with the rule by which two wordings mean the same. */
  readonly sameMeaning?: Readonly<Record<string, (before: Value, after: Value) => boolean>>
  /**
   * Whether the state may hold other words than the configuration, which Terraform pardons only the providers of the
   * old SDK. Without it Terraform itself checks that what was planned is what came out.
   */
  readonly legacyTypeSystem?: boolean
  /** Whether an object that others made can be taken over. @default true */
  readonly isImportable?: boolean
  /** Refuses what the configuration says, before anything is planned. */
  validate?(config: Attributes): void
  /** Refuses or completes a plan. */
  plan?(change: Change, settings: Attributes): void
  /** Creates the object and answers its id. */
  create(planned: Attributes, settings: Attributes): string
  /** Waits for what was created; where it throws, the object stays in the state, tainted. */
  settle?(id: string, planned: Attributes): void
  /** Answers what the cloud says now, or nothing where the object has gone. */
  read(state: Attributes, settings: Attributes): Attributes | undefined
  /** Changes the object in place. */
  update?(planned: Attributes, prior: Attributes, settings: Attributes): void
  delete(state: Attributes, settings: Attributes): void
  /** The id after an update, where it follows from what can be updated. */
  idOf?(planned: Attributes): string
}

/** How one data source answers. */
export interface DataSource {
  readonly type: string
  /** @default - what its binding tells */
  readonly schema?: Block
  read(config: Attributes, settings: Attributes): Attributes
}

/** A plan in the making for one resource. */
export interface Change {
  /** What Terraform knows of the object, or nothing where it is to be created. */
  readonly prior: Attributes | undefined
  readonly config: Attributes
  readonly planned: Record<string, Value>
  /** The attributes that need a new object. */
  readonly replace: Set<string>
}
