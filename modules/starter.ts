import type { z } from 'zod'
import type { Zone } from './zone.ts'

/** A link as it is written into a new project: options by name, of which any may be a placeholder. */
export type WrittenLink = Readonly<Record<string, unknown>>

/** An option of a link that only the user knows. */
export interface LinkQuestion {
  /** The name of the option: `region`. */
  readonly option: string
  /** What it is, for the help and the prompt: `VPC whose clients connect`. */
  readonly title: string
  readonly example: string
  /** Several values. @default - one value */
  readonly isList?: true
  /** What is written unless the user gives another value. @default - a placeholder, which synth refuses */
  readonly initial?: string
  /** The only zone with which the option has a meaning. @default - it has one with every zone */
  readonly onlyWith?: Zone
}

/** An action of GitHub at one commit. */
export interface PinnedAction {
  /** `actions/checkout` */
  readonly action: string
  /** All 40 digits. */
  readonly commit: string
  /** The release that the commit is. */
  readonly version: string
}

/** One line of a monthly bill. */
export interface CostItem {
  /** `interface endpoint, 2 subnets` */
  readonly what: string
  /** How often the price is paid in a month. */
  readonly count: number
  readonly usd: number
}

/** What a link costs by the list prices of one region. */
export interface LinkCost {
  readonly items: readonly CostItem[]
  readonly usdPerGigabyte: number
  /** Where the prices apply: `us-east-1`, `all regions`. */
  readonly region: string
  /** The month from which the oldest of the prices is: `May 2026`. */
  readonly asOf: string
  /** The pages of the vendor that list them. */
  readonly pages: readonly string[]
}

/** The hours of a month, as the price calculators of clouds count them. */
export const hoursOfMonth = 730

/** What a cloud brings to a new project. It imports no part of cdktf, which is not installed when the project is written. */
export interface StarterCloud {
  /** The schema of the options of a link. */
  readonly link: z.ZodType
  /** The package of the provider's bindings, which is one of those that this package is developed with. @default - none */
  readonly bindings?: string
  /** The options that the user must give, in the order in which they are asked for. */
  readonly questions: readonly LinkQuestion[]
  /** The option for what Zilliz Cloud publishes, which is asked for if the user has no API key. */
  readonly service: LinkQuestion
  /** Where the state is, in a bucket of this cloud. */
  backend(bucket: string, link: WrittenLink): Readonly<Record<string, string>>
  /** The action that logs a workflow of GitHub in. */
  readonly action: PinnedAction
  /**
   * The inputs of that action.
   *
   * @param purpose the variables of the repository that they read differ: a plan needs no right to change anything
   */
  login(link: WrittenLink, purpose: 'plan' | 'deploy'): Readonly<Record<string, string>>
  /** @param zones how many private zones the link makes */
  cost(link: WrittenLink, zones: number): LinkCost
}
