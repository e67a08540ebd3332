import { type Calls, createCalls } from './calls.ts'
import type { Cause, Ruling } from './cause.ts'
import { type Inquiry, judgeCauses } from './inquiry.ts'
import type { CloudQuestion, OwnMachine } from './question.ts'

/** A cause as it is listed. */
export type CauseEntry = Omit<Cause<string, never, never>, 'judge'>

/** How a cloud is asked for its configuration. */
export interface CloudConfiguration<Target> {
  /** The npm packages that hold the clients of its API: optional peers, loaded when it is asked. */
  readonly clients: readonly string[]
  /** The permissions that its calls need, as a policy spells them. */
  readonly actions: readonly string[]
  /** Every cause there is, in the order in which candidates are listed. */
  readonly causes: readonly CauseEntry[]
  /** Asks the metadata service of this machine. It answers at once, or this is not a machine of the cloud: give it a short deadline. */
  readonly ownMachine: (signal: AbortSignal) => Promise<OwnMachine | undefined>
  /**
   * Loads the clients, for calls with the credentials that this machine has.
   *
   * @param signal ends all calls
   * @throws ClientsMissing if they are not installed
   */
  readonly open: (signal: AbortSignal) => Promise<Inquirer<Target>>
}

/** Asks a cloud for its configuration. Answers are shared between the targets that it is asked about. */
export interface Inquirer<Target> {
  readonly ask: (question: CloudQuestion<Target>) => Promise<Pick<Inquiry, 'elsewhere' | 'causes'>>
  /** How many calls were made so far. */
  readonly calls: () => number
}

/** The clients of a cloud's API are not installed. */
export class ClientsMissing extends Error {
  override readonly name = 'ClientsMissing'
  readonly packages: readonly string[]
  constructor(packages: readonly string[]) {
    super(`npm packages are missing. Run: npm install ${packages.join(' ')}`)
    this.packages = packages
  }
}

/** What a cloud brings. */
export interface ConfigurationOf<Client, Facts, Target> {
  readonly clients: readonly string[]
  readonly actions: readonly string[]
  readonly causes: readonly Cause<string, Facts, Target>[]
  /** Whether this machine is outside the network of the link. */
  readonly elsewhere: (facts: Facts, question: CloudQuestion<Target>) => Ruling
  readonly ownMachine: (signal: AbortSignal) => Promise<OwnMachine | undefined>
  /** Imports the clients. */
  readonly load: () => Promise<Client>
  /** Reads what the causes are judged by. Whatever is unanswered stays in the facts as such. */
  readonly read: (client: Client, calls: Calls, question: CloudQuestion<Target>) => Promise<Facts>
  readonly explain: Parameters<typeof createCalls>[0]['explain']
  readonly pauseMs?: NonNullable<Parameters<typeof createCalls>[0]['pauseMs']>
}

/** A call that takes longer has no answer. */
const deadlineMs = 3000

/** Targets of one link are asked about within one interval and share answers. What changed since must not look unchanged for long. */
const keptMs = 15_000

/** What a cloud brings, as all others use it. */
export function cloudConfiguration<Client, Facts, Target>(
  own: ConfigurationOf<Client, Facts, Target>
): CloudConfiguration<Target> {
  const { clients, actions, causes, ownMachine, explain, pauseMs } = own
  return {
    clients,
    actions,
    causes,
    ownMachine,
    open: async signal => {
      const client = await own.load().catch((error: unknown) => {
        if (isModuleMissing(error)) throw new ClientsMissing(clients)
        throw error
      })
      const calls = createCalls({ deadlineMs, keptMs, explain, signal, ...(pauseMs === undefined ? {} : { pauseMs }) })
      return {
        ask: async question => {
          const facts = await own.read(client, calls, question)
          return { elsewhere: own.elsewhere(facts, question), causes: judgeCauses(causes, facts, question) }
        },
        calls: calls.made
      }
    }
  }
}

/** Whether an import failed because a package is not installed. */
export function isModuleMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND'
}
