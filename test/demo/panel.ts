import { html } from 'ghtml'
import { type FaultName, faultNames, faults } from './faults.ts'

/** Switches for what can be broken, above the page: only the demo has them. */
export function panel(broken: ReadonlySet<FaultName>): string {
  return html`
<form method="post" class="panel" aria-label="Break the link">
<strong>Break the link</strong>
!${faultNames.map(
    name =>
      html`<button formaction="demo/faults/${name}" aria-pressed="${String(broken.has(name))}" title="${faults[name]}">${name}</button> `
  )}
</form>`
}
