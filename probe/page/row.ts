import { html } from 'ghtml'
import { severities } from '../cases/case.ts'
import type { State } from '../cases/state.ts'
import { stateNow } from '../rounds/report.ts'
import type { Standing } from '../rounds/standing.ts'
import { stateWords } from '../words/verdict-words.ts'
import { age } from './age.ts'
import { isOfCase } from './article.ts'
import { markOfState, marks } from './marks.ts'
import { outlineMarkup } from './path.ts'
import { outlineOf, pictureOf, shortName } from './picture.ts'
import { verdictLine } from './verdict.ts'

const ranks = new WeakMap<Standing, string>()

const worstFirst: readonly State[] = ['failing', 'degraded', 'unknown', 'healthy']

/** The position of a target in the list: the worst first, then by name. */
export function rankOf(standing: Standing): string {
  const before = ranks.get(standing)
  if (before !== undefined) return before
  const { diagnosis, target } = standing
  const found = diagnosis.findings.map(({ finding }) => severities.indexOf(finding.severity))
  const worst = severities.length - Math.max(0, ...found)
  const rank = `${worstFirst.indexOf(stateNow(standing))}${worst} ${target.name}`
  ranks.set(standing, rank)
  return rank
}

const kept = new WeakMap<Standing, string>()

/** One target in a line. It has only what stays the same from round to round, so that a quiet list sends nothing. */
export function row(standing: Standing): string {
  const before = kept.get(standing)
  if (before !== undefined) return before
  const { target, diagnosis, since } = standing
  const state = stateNow(standing)
  const found = diagnosis.findings.length
  const mark = markOfState[state]
  const isHealthy = state === 'healthy'
  const { name, environment, cloud, host } = target
  const attributes = html`id="row-${name}" data-rank="${rankOf(standing)}" data-environment="${environment}" data-cloud="${cloud}" data-state="${state}" data-case="${diagnosis.case.id}" data-host="${host}"`
  const link = html`<a href="?target=${name}" title="${host}">${shortName(target)}</a> <small>${name.slice(0, name.lastIndexOf('/'))}</small>`
  const { words: verdict, id } = verdictLine(standing)
  // A verdict that is held is an earlier one.
  const words = html`${standing.heldBy.length > 0 ? stateWords[state] : verdict}!${isHealthy || id === undefined ? '' : html` <code>${id}</code>`}`
  const notes = [
    ...(standing.heldBy.length === 0 ? [] : [`held: ${standing.heldBy.join(', ')}`]),
    ...(found === 0 ? [] : [found === 1 ? '1 finding' : `${found} findings`])
  ]
  const text = html`<li class="row" !${attributes}><span class="sign ${mark}" aria-hidden="true">${marks[mark].sign}</span><span class="who">!${link}</span><span class="words ${mark}">!${words}</span>!${isHealthy ? '<span></span>' : outlineMarkup(outlineOf(pictureOf(standing)))}<small>!${since === undefined || !isOfCase(standing) ? '' : html`for !${age(since, 'for')}`} ${notes.join(' · ')}</small></li>
`
  kept.set(standing, text)
  return text
}

/** A row as it is where it is not among those that were asked for. */
export function hidden(row: string): string {
  return row.replace('<li ', '<li hidden ')
}
