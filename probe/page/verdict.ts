import { html } from 'ghtml'
import { type Case, type Finding, severities } from '../cases/case.ts'
import type { CaseId } from '../cases/catalogue.ts'
import type { Found } from '../cases/diagnose.ts'
import type { FindingId } from '../cases/findings.ts'
import type { Step } from '../clouds/step.ts'
import { stateNow } from '../rounds/report.ts'
import type { Standing } from '../rounds/standing.ts'
import type { Target } from '../target.ts'
import { moment } from '../words/moment.ts'
import { stepsFor } from '../words/remedy.ts'
import { inCurlyQuotes, verdictMeaning, verdictWords } from '../words/verdict-words.ts'
import { markOf, markOfState, marks } from './marks.ts'

/** Why the link does not work, and what to do; with the target's ids in the commands. */
export function verdict({ diagnosis, target, heldBy, evidence }: Standing): string {
  const { id } = diagnosis.case
  const mark = markOfState[stateNow({ diagnosis, heldBy })]
  const held = html`
    <p class="impairment">
      <strong>The verdict is held: <code>${heldBy.join(', ')}</code>.</strong>
      The last round may have gone wrong in the probe. ${evidence === undefined ? 'There is no earlier verdict.' : `The verdict below is of ${moment(evidence.at)}.`}
    </p>`
  return html`!${heldBy.length === 0 ? '' : held}
    <div class="verdict ${mark}">
      <p class="words">
        <span class="sign" aria-hidden="true">${marks[mark].sign}</span>
        <strong>${verdictWords(diagnosis, inCurlyQuotes)}</strong>
        <code>${id}</code>
      </p>
      <p>!${prose(verdictMeaning(diagnosis))}</p>
      !${remedy(diagnosis.case, target, html`<h4>What to do</h4>`)}
    </div>`
}

/** What else is wrong, but does not stop the link. */
export function findingList(found: readonly Found[], target: Target): string {
  if (found.length === 0) return ''
  return html`
    <h4>Findings</h4>
    <ul class="findings">!${found.toSorted(bySeverity).map(each => finding(each, target))}</ul>`
}

/** The worst first. */
function bySeverity(one: Found, other: Found): number {
  return severities.indexOf(other.finding.severity) - severities.indexOf(one.finding.severity)
}

function finding({ finding: entry, about }: Found, target: Target): string {
  const { id, severity, meaning } = entry
  const mark = markOf(severity)
  return html`
    <li class="${severity === 'info' ? 'info' : mark}">
      <p>
        <span class="sign" aria-hidden="true">${severity === 'info' ? 'i' : marks[mark].sign}</span>
        <code>${id}</code> ${about.join(', ')}
      </p>
      <p>!${prose(meaning)}</p>
      !${remedy(entry, target, html`<h5>What to do about it</h5>`)}
    </li>`
}

function remedy(entry: Case<CaseId> | Finding<FindingId>, target: Target, heading: string): string {
  const steps = stepsFor(entry, target)
  if (steps.length === 0) return ''
  return html`
    !${heading}
    <ol class="steps">!${steps.map(step)}</ol>`
}

function step({ cause, do: action, run }: Step): string {
  return html`
    <li>
      !${cause === undefined ? '' : html`<strong>!${prose(cause)}:</strong> `}!${prose(action)}
      !${run === undefined ? '' : html`<pre tabindex="0"><code>${run}</code></pre>`}
    </li>`
}

/** A sentence of the catalog, in which literal text is between backticks. */
function prose(text: string): string {
  return text
    .split('`')
    .map((part, index) => (index % 2 === 0 ? html`${part}` : html`<code>${part}</code>`))
    .join('')
}
