import { html } from 'ghtml'
import { severities } from '../cases/case.ts'
import type { Found } from '../cases/diagnose.ts'
import type { Inquiry } from '../causes/inquiry.ts'
import type { Step } from '../clouds/step.ts'
import { stateNow } from '../rounds/report.ts'
import type { Standing } from '../rounds/standing.ts'
import { causeSentence, elsewhereSentences, rulingMarks, rulingWords } from '../words/inquiry-words.ts'
import { stepsFor, stepsForVerdict } from '../words/remedy.ts'
import { inCurlyQuotes, verdictMeaning, verdictWords } from '../words/verdict-words.ts'
import { age } from './age.ts'
import { markOf, markOfState, marks } from './marks.ts'

/** The verdict in a few words, and the id by which runbooks and metrics know it: the case, or the finding that makes a link degraded. */
export function verdictLine(standing: Standing): { readonly words: string; readonly id: string | undefined } {
  const { diagnosis } = standing
  if (isUnchecked(standing)) return { words: 'Not checked yet', id: undefined }
  const worst = diagnosis.findings.find(({ finding }) => finding.severity === 'critical')
  const isOfFinding = diagnosis.state === 'degraded' && diagnosis.case.id === 'healthy' && worst !== undefined
  return {
    words: verdictWords(diagnosis, inCurlyQuotes),
    id: isOfFinding ? worst.finding.id : diagnosis.case.id
  }
}

/** Before the first round. */
function isUnchecked({ evidence, heldBy }: Standing): boolean {
  return evidence === undefined && heldBy.length === 0
}

/** Why the link does not work, and what to do; with the target's ids in the commands. What comes after the first step is folded. */
export function verdict(standing: Standing): string {
  const { diagnosis, target, heldBy, evidence, inquiry } = standing
  const cause = causeSentence(inquiry)
  const elsewhere = inquiry === undefined ? undefined : elsewhereSentences(inquiry)
  const mark = markOfState[stateNow(standing)]
  const { words, id } = verdictLine(standing)
  if (isUnchecked(standing)) {
    return html`
    <div class="verdict ${mark}">
      <p class="words"><strong>${words}</strong></p>
      <p>The first round has not ended.</p>
    </div>`
  }
  const held = html`
    <p class="impairment">
      <strong>The verdict is held: <code>${heldBy.join(', ')}</code>.</strong>
      The last round may have gone wrong in the probe. !${
        evidence === undefined
          ? 'There is no earlier verdict.'
          : html`The verdict below is from !${age(evidence.at, 'ago')}.`
      }
    </p>`
  return html`
    <div class="verdict ${mark}">
      !${heldBy.length === 0 ? '' : held}
      <p class="words"><strong>${words}</strong>!${id === undefined ? '' : html` <code>${id}</code>`}</p>
      <p>!${cause === undefined ? '' : html`<strong>Cause:</strong> `}!${prose(cause ?? verdictMeaning(diagnosis))}</p>
      !${elsewhere === undefined ? '' : html`<p>${elsewhere}</p>`}
      !${remedy(stepsForVerdict(diagnosis.case, target, inquiry, evidence?.pod), {
        id: `steps-${target.name}`,
        heading: html`<h4>What to do</h4>`,
        isFirstShown: true
      })}
      !${inquiry === undefined ? '' : judgedList(inquiry, target.name)}
      !${diagnosis.state === 'degraded' ? findingList(standing) : ''}
    </div>`
}

/** What the configuration of the cloud says of every candidate. */
function judgedList({ causes, at }: Inquiry, name: string): string {
  if (causes.length === 0) return ''
  return html`
      <details id="causes-${name}">
        <summary>${causes.length === 1 ? '1 cause' : `${causes.length} causes`} checked in the configuration of the cloud, !${age(at, 'ago')}</summary>
        <ul class="causes">!${causes.map(
          each => html`
          <li class="${each.ruling}"><span class="sign" aria-hidden="true">${rulingMarks[each.ruling]}</span> ${rulingWords[each.ruling]}: ${each.title} <code>${each.id}</code><br>${each.text}</li>`
        )}</ul>
      </details>`
}

/** What else is wrong, but does not stop the link. */
export function findingList(standing: Standing): string {
  const { findings: found } = standing.diagnosis
  if (found.length === 0) return ''
  return html`
    <h4>${standing.diagnosis.state === 'degraded' ? 'Findings' : 'Also found'}</h4>
    <ul class="findings">!${found.toSorted(bySeverity).map(each => finding(each, standing))}</ul>`
}

/** The worst first. */
function bySeverity(one: Found, other: Found): number {
  return severities.indexOf(other.finding.severity) - severities.indexOf(one.finding.severity)
}

function finding({ finding: entry, about }: Found, { target, evidence }: Standing): string {
  const { id, severity, meaning } = entry
  const mark = markOf(severity)
  return html`
    <li class="${severity === 'info' ? 'info' : mark}">
      <p>
        <span class="sign" aria-hidden="true">${severity === 'info' ? 'i' : marks[mark].sign}</span>
        <code>${id}</code> ${about.join(', ')}
      </p>
      <p>!${prose(meaning)}</p>
      !${remedy(stepsFor(entry, target, evidence?.pod), {
        id: `steps-${target.name}-${id}`,
        heading: html`<h5>What to do</h5>`,
        isFirstShown: severity === 'critical'
      })}
    </li>`
}

/** Numbered steps, of which a person sees the first or none before they unfold the others. */
function remedy(
  steps: readonly Step[],
  { id, heading, isFirstShown }: { readonly id: string; readonly heading: string; readonly isFirstShown: boolean }
): string {
  if (steps.length === 0) return ''
  const [shown, folded] = isFirstShown ? [steps.slice(0, 1), steps.slice(1)] : [[], steps]
  const words = folded.length === 1 ? '1 more step' : `${folded.length} more steps`
  return html`
    !${shown.length === 0 ? '' : html`!${heading}<ol class="steps">!${shown.map(step)}</ol>`}
    !${
      folded.length === 0
        ? ''
        : html`<details id="${id}"><summary>${isFirstShown ? words : 'What to do'}</summary>
      <ol class="steps" start="${shown.length + 1}">!${folded.map(step)}</ol></details>`
    }`
}

function step({ cause, do: action, run }: Step): string {
  return html`
    <li>
      !${cause === undefined ? '' : html`<strong>!${prose(cause)}</strong> `}!${prose(action)}
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
