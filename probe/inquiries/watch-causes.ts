import pLimit from 'p-limit'
import type { CaseId } from '../cases/catalogue.ts'
import type { Evidence } from '../cases/evidence.ts'
import { ClientsMissing } from '../causes/configuration.ts'
import type { Inquiry } from '../causes/inquiry.ts'
import type { Target } from '../target.ts'
import { createInquirers, type Inquirers } from './inquirers.ts'

/** Queries the clouds about targets that are not healthy. It never delays a round. */
export interface CauseWatch {
  /** Receives a verdict that counts, and queries the cloud if the pause has passed. */
  readonly consider: (evidence: Evidence<Target>, found: CaseId, isHealthy: boolean) => void
  /** Forgets a target. */
  readonly forget: (target: string) => void
  readonly close: () => Promise<void>
}

interface CauseWatchOptions {
  /** Called with the result for a target, unless its case has changed meanwhile. */
  readonly onInquiry: (target: string, found: CaseId, inquiry: Inquiry) => void
  /** Called once, if the npm packages for a cloud's API are missing. */
  readonly onClientsMissing: (error: ClientsMissing) => void
  readonly onBug: (bug: unknown) => void
  /** @default - the real ones */
  readonly inquirers?: (signal: AbortSignal) => Inquirers
}

/** Milliseconds between two questions about a target whose case stays. */
const pauseMs = 60_000

/** The same for a target whose case keeps changing: the first change is asked about at once. */
const changedPauseMs = 10_000

/** Targets that are asked about at the same time. Those of one link share its calls. */
const mostAtOnce = 8

/** Asks nothing until a target is considered. */
export function watchCauses({
  onInquiry,
  onClientsMissing,
  onBug,
  inquirers: create = createInquirers
}: CauseWatchOptions): CauseWatch {
  const over = new AbortController()
  const inquirers = create(over.signal)
  const limit = pLimit(mostAtOnce)
  const asked = new Map<string, { readonly found: CaseId; readonly at: number; readonly isUnderWay: boolean }>()
  const reported = new Set<string>()
  const running = new Set<Promise<void>>()

  const ask = async (evidence: Evidence<Target>, found: CaseId) => {
    const { name } = evidence.target
    const isCurrent = () => !over.signal.aborted && asked.get(name)?.found === found
    try {
      if (!isCurrent()) return
      const inquiry = await inquirers.ask(evidence, found)
      if (isCurrent()) onInquiry(name, found, inquiry)
    } catch (error) {
      if (over.signal.aborted) return
      if (!(error instanceof ClientsMissing)) onBug(error)
      else if (!reported.has(error.message)) {
        reported.add(error.message)
        onClientsMissing(error)
      }
    } finally {
      const last = asked.get(name)
      if (last?.found === found) asked.set(name, { ...last, isUnderWay: false })
    }
  }

  return {
    consider: (evidence, found, isHealthy) => {
      const { name } = evidence.target
      if (isHealthy) {
        asked.delete(name)
        return
      }
      const last = asked.get(name)
      const now = performance.now()
      const pause = last?.found === found ? pauseMs : changedPauseMs
      if (last !== undefined && (now - last.at < pause || (last.found === found && last.isUnderWay))) return
      asked.set(name, { found, at: now, isUnderWay: true })
      const asking = limit(ask, evidence, found).finally(() => running.delete(asking))
      running.add(asking)
    },
    forget: target => asked.delete(target),
    close: async () => {
      over.abort(new Error('closed'))
      await Promise.all(running)
    }
  }
}
