import { html } from 'ghtml'
import { severities } from '../cases/case.ts'
import type { Found } from '../cases/diagnose.ts'
import type { Inquiry } from '../causes/inquiry.ts'
import type { Step } from '../clouds/step.ts'
import type { Pod } from '../facts/pod.ts'
import { stateNow } from '../rounds/report.ts'
import type { Standing } from '../rounds/standing.ts'
import type { Target } from '../target.ts'
import { causeSentence, elsewhereSentences, rulingMarks, rulingWords } from '../words/inquiry-words.ts'
import { moment } from '../words/moment.ts'
import { stepsFor, stepsForVerdict } from '../words/remedy.ts'
import { inCurlyQuotes, verdictMeaning, verdictWords } from '../words/verdict-words.ts'
import { markOf, markOfState, marks } from './marks.ts'

/** Why the link does not work, and what to do; with the target's ids in the commands. */
export function verdict({ diagnosis, target, heldBy, evidence, inquiry }: Standing): string {
  const { id } = diagnosis.case
  const cause = causeSentence(inquiry)
  const elsewhere = inquiry === undefined ? undefined : elsewhereSentences(inquiry)
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
      <p>!${prose(cause ?? verdictMeaning(diagnosis))}</p>
      !${elsewhere === undefined ? '' : html`<p>${elsewhere}</p>`}
      !${remedy(stepsForVerdict(diagnosis.case, target, inquiry, evidence?.pod), html`<h4>What to do</h4>`)}
      !${inquiry === undefined ? '' : judgedList(inquiry)}
    </div>`
}

/** What the configuration of the cloud says of every candidate. */
function judgedList({ causes, at }: Inquiry): string {
  if (causes.length === 0) return ''
  return html`
      <details>
        <summary>What the configuration of the cloud says, read at <time>${moment(at)}</time></summary>
        <ul class="causes">!${causes.map(
          each => html`
          <li class="${each.ruling}"><span class="sign" aria-hidden="true">${rulingMarks[each.ruling]}</span> ${rulingWords[each.ruling]}: ${each.title} <code>${each.id}</code><br>${each.text}</li>`
        )}</ul>
      </details>`
}

/** What else is wrong, but does not stop the link. */
export function findingList({ diagnosis, target, evidence }: Standing): string {
  const { findings: found } = diagnosis
  if (found.length === 0) return ''
  return html`
    <h4>Findings</h4>
    <ul class="findings">!${found.toSorted(bySeverity).map(each => finding(each, target, evidence?.pod))}</ul>`
}

/** The worst first. */
function bySeverity(one: Found, other: Found): number {
  return severities.indexOf(other.finding.severity) - severities.indexOf(one.finding.severity)
}

function finding({ finding: entry, about }: Found, target: Target, pod: Pod | undefined): string {
  const { id, severity, meaning } = entry
  const mark = markOf(severity)
  return html`
    <li class="${severity === 'info' ? 'info' : mark}">
      <p>
        <span class="sign" aria-hidden="true">${severity === 'info' ? 'i' : marks[mark].sign}</span>
        <code>${id}</code> ${about.join(', ')}
      </p>
      <p>!${prose(meaning)}</p>
      !${remedy(stepsFor(entry, target, pod), html`<h5>What to do about it</h5>`)}
    </li>`
}

function remedy(steps: readonly Step[], heading: string): string {
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
