import type { CaseId } from '../cases/catalogue.ts'
import type { Evidence } from '../cases/evidence.ts'
import { isResolved } from '../cases/reading.ts'
import type { Inquirer } from '../causes/configuration.ts'
import type { Inquiry } from '../causes/inquiry.ts'
import type { OwnMachine } from '../causes/question.ts'
import { type CloudId, cloudOf } from '../clouds.ts'
import type { Target } from '../target.ts'
import type { ApiVariables } from '../zilliz/access.ts'
import { elsewhereBy } from './elsewhere.ts'
import { findOwnMachine, ownAddressesTowards } from './whereabouts.ts'
import { createZillizInquirer } from './zilliz-inquirer.ts'

/** Asks the clouds of all targets, and Zilliz Cloud if there is a key for it. */
export interface Inquirers {
  /**
   * Asks the cloud of a target what can produce its case.
   *
   * @throws ClientsMissing if the clients of the cloud's API are not installed
   */
  readonly ask: (evidence: Evidence<Target>, found: CaseId) => Promise<Inquiry>
}

/**
 * @param signal ends all that was begun
 * @param variables of the environment that have the key
 */
export function createInquirers(signal: AbortSignal, variables: ApiVariables = process.env): Inquirers {
  const zilliz = variables.ZILLIZCLOUD_API_KEY ? createZillizInquirer(variables, signal) : undefined
  const open = new Map<CloudId, Promise<Inquirer<Target>>>()
  let machine: Promise<OwnMachine | undefined> | undefined

  const inquirerOf = (id: CloudId) => {
    const known = open.get(id)
    if (known !== undefined) return known
    const opened = cloudOf(id).configuration.open(signal)
    open.set(id, opened)
    // They may be installed later.
    opened.catch(() => open.delete(id))
    return opened
  }

  return {
    ask: async (evidence, found) => {
      const { target, resolvers } = evidence
      const start = performance.now()
      const at = Date.now() / 1000
      machine ??= findOwnMachine(signal)
      const resolved = evidence.addresses.filter(isResolved).map(({ address }) => address)
      const towards = resolved.length > 0 ? resolved : (evidence.expected ?? [])
      const inquirer = await inquirerOf(target.cloud)
      const from = { addresses: await ownAddressesTowards(towards), machine: await machine }
      const question = {
        target,
        case: found,
        resolved,
        resolvers: resolvers.map(({ resolver }) => resolver.address),
        from
      }
      const [{ elsewhere, causes }, ofZilliz = []] = await Promise.all([inquirer.ask(question), zilliz?.ask(question)])
      const byMachine = elsewhereBy(from.machine, target)
      return {
        at,
        seconds: Math.round(performance.now() - start) / 1000,
        // The configuration tells more: the network of a link can be of another project than the link.
        elsewhere: elsewhere.ruling === 'not-known' ? byMachine : elsewhere,
        causes: [...causes, ...ofZilliz]
      }
    }
  }
}
