import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard'
import { overview } from './overview.ts'
import { settings } from './settings.ts'
import { target } from './target.ts'

/** The boards of Grafana, by their path in this folder, as the SDK of Grafana makes them. */
export function boards(): Readonly<Record<string, string>> {
  return {
    'generated/overview.json': numbered(overview(settings)),
    'generated/target.json': numbered(target(settings))
  }
}

/** Grafana identifies panels by their number. The SDK does not set it, so this does. */
function numbered({ panels = [], ...rest }: Dashboard): string {
  const withIds = panels.map((panel, index) => ({ ...panel, id: index + 1 }))
  return `${JSON.stringify({ ...rest, panels: withIds }, null, 2)}\n`
}
