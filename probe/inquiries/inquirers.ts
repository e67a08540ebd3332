import type { CaseId } from '../cases/catalogue.ts'
import type { Evidence } from '../cases/evidence.ts'
import { isResolved } from '../cases/reading.ts'
import type { Ruling } from '../causes/cause.ts'
import type { Inquirer } from '../causes/configuration.ts'
import type { Inquiry } from '../causes/inquiry.ts'
import type { OwnMachine, Whereabouts } from '../causes/question.ts'
import { type CloudId, cloudOf } from '../clouds.ts'
import type { Target } from '../target.ts'
import type { ApiVariables } from '../zilliz/access.ts'
import { byHardware, elsewhereBy } from './elsewhere.ts'
import { findOwnMachine, whereaboutsFor } from './whereabouts.ts'
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
      const inquirer = await inquirerOf(target.cloud)
      const from = await whereaboutsFor(evidence, await machine)
      const question = {
        target,
        case: found,
        resolved,
        resolvers: resolvers.map(({ resolver }) => resolver.address),
        from
      }
      const [{ elsewhere, causes }, ofZilliz = []] = await Promise.all([inquirer.ask(question), zilliz?.ask(question)])
      return {
        at,
        seconds: Math.round(performance.now() - start) / 1000,
        elsewhere: mostCertain(elsewhere, from, target),
        causes: [...causes, ...ofZilliz]
      }
    }
  }
}

/**
 * Whether this machine is outside the network of the link. The configuration tells more than the metadata service: the network of a link
 * can be of another project than the link. But an address of the network on a computer that is in no cloud is a coincidence.
 */
function mostCertain(byConfiguration: Ruling, from: Whereabouts, target: Target): Ruling {
  const onPremises = from.machine === undefined ? byHardware(from.hardware) : undefined
  if (onPremises !== undefined) return onPremises
  const byMachine = elsewhereBy(from, target)
  return byConfiguration.ruling === 'not-known' && byMachine.ruling !== 'not-known' ? byMachine : byConfiguration
}
