import { onTestFinished, vi } from 'vitest'
import type { CaseId } from '../../../../probe/cases/catalogue.ts'
import type { Inquiry, JudgedCause } from '../../../../probe/causes/inquiry.ts'
import type { CloudQuestion } from '../../../../probe/causes/question.ts'
import { configuration } from '../../../../probe/clouds/gcp/configuration/configuration.ts'
import type { GcpTarget } from '../../../../probe/clouds/gcp/target.ts'
import { type GoogleApiStandIn, type GoogleApiWorld, startGoogleApi } from '../../../standin/google-api/google-api.ts'
import { goodCollections, goodFirewalls, goodMetadata, target } from './good-link.ts'

export interface Setting {
  /** Collections in place of those of a link that works. */
  readonly collections?: GoogleApiWorld['collections']
  readonly firewalls?: GoogleApiWorld['firewalls']
  readonly metadata?: GoogleApiWorld['metadata']
  readonly target?: Partial<GcpTarget>
  readonly case?: CaseId
  readonly resolved?: readonly string[]
  readonly resolvers?: readonly string[]
  readonly addresses?: readonly string[]
  /** A machine that is not asked for by its metadata. `null` is none. */
  readonly machine?: CloudQuestion<GcpTarget>['from']['machine'] | null
  readonly hardware?: CloudQuestion<GcpTarget>['from']['hardware']
  readonly play?: Omit<Parameters<typeof startGoogleApi>[0], 'world'>
}

export interface AskedGoogle extends Pick<Inquiry, 'elsewhere' | 'causes'> {
  readonly api: GoogleApiStandIn
  readonly calls: number
  readonly confirmed: readonly JudgedCause[]
}

export async function startWorld(setting: Setting = {}): Promise<GoogleApiStandIn> {
  const api = await startGoogleApi({
    world: {
      collections: { ...goodCollections, ...setting.collections },
      firewalls: { ...goodFirewalls, ...setting.firewalls },
      metadata: setting.metadata ?? goodMetadata
    },
    ...setting.play
  })
  onTestFinished(() => api[Symbol.asyncDispose]())
  for (const [name, value] of Object.entries(api.variables)) vi.stubEnv(name, value)
  vi.stubEnv('HOME', '/nonexistent')
  vi.stubEnv('GOOGLE_APPLICATION_CREDENTIALS', '')
  onTestFinished(() => {
    vi.unstubAllEnvs()
  })
  return api
}

/** Asks the stand-in about the target, as doctor and the probe do. */
export async function askGoogle(setting: Setting = {}): Promise<AskedGoogle> {
  const api = await startWorld(setting)
  const over = new AbortController()
  onTestFinished(() => over.abort())
  const own =
    setting.machine === undefined
      ? await configuration.ownMachine(AbortSignal.timeout(2000))
      : (setting.machine ?? undefined)
  const inquirer = await configuration.open(over.signal)
  const answer = await inquirer.ask({
    target: { ...target, ...setting.target },
    case: setting.case ?? 'no-answer-to-syn',
    resolved: setting.resolved ?? ['10.0.0.7'],
    resolvers: setting.resolvers ?? ['169.254.169.254'],
    from: { addresses: setting.addresses ?? ['10.0.0.20'], machine: own, hardware: setting.hardware }
  })
  return {
    ...answer,
    api,
    calls: inquirer.calls(),
    confirmed: answer.causes.filter(({ ruling }) => ruling === 'confirmed')
  }
}
