import type { CaseId } from '../cases/catalogue.ts'
import type { Evidence } from '../cases/evidence.ts'
import { isResolved } from '../cases/reading.ts'
import type { Inquirer } from '../causes/configuration.ts'
import type { Inquiry } from '../causes/inquiry.ts'
import type { OwnMachine } from '../causes/question.ts'
import { type CloudId, cloudOf } from '../clouds.ts'
import type { Target } from '../target.ts'
import { elsewhereBy } from './elsewhere.ts'
import { findOwnMachine, ownAddressesTowards } from './whereabouts.ts'

/** Asks the clouds of all targets. */
export interface Inquirers {
  /**
   * Asks the cloud of a target what can produce its case.
   *
   * @throws ClientsMissing if the clients of the cloud's API are not installed
   */
  readonly ask: (evidence: Evidence<Target>, found: CaseId) => Promise<Inquiry>
}

/** @param signal ends all that was begun */
export function createInquirers(signal: AbortSignal): Inquirers {
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
      const { elsewhere, causes } = await inquirer.ask({
        target,
        case: found,
        resolved,
        resolvers: resolvers.map(({ resolver }) => resolver.address),
        from
      })
      const byMachine = elsewhereBy(from.machine, target)
      return {
        at,
        seconds: Math.round(performance.now() - start) / 1000,
        // The configuration tells more: the network of a link can be of another project than the link.
        elsewhere: elsewhere.ruling === 'not-known' ? byMachine : elsewhere,
        causes
      }
    }
  }
}
