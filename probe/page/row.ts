import { html } from 'ghtml'
import { severities } from '../cases/case.ts'
import type { State } from '../cases/state.ts'
import { stateNow } from '../rounds/report.ts'
import type { Standing } from '../rounds/standing.ts'
import { moment } from '../words/moment.ts'
import { inCurlyQuotes, verdictWords } from '../words/verdict-words.ts'
import { markOfState, marks } from './marks.ts'
import { outlineMarkup } from './path.ts'
import { outlineOf, pictureOf } from './picture.ts'

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
  const { id } = diagnosis.case
  const found = diagnosis.findings.length
  const mark = markOfState[state]
  const text = html`<li class="row" id="row-${target.name}" data-rank="${rankOf(standing)}" data-environment="${target.environment}" data-cloud="${target.cloud}" data-state="${state}" data-case="${id}" data-host="${target.host}"><a href="?target=${target.name}">${target.name}</a>!${outlineMarkup(outlineOf(pictureOf(standing)))}<span class="${mark}">${marks[mark].sign} ${verdictWords({ ...diagnosis, state }, inCurlyQuotes)} <code>${id}</code></span>!${since === undefined ? '' : html`<time>since ${moment(since)}</time>`}!${standing.heldBy.length === 0 ? '' : html`<small>held: ${standing.heldBy.join(', ')}</small>`}!${found === 0 ? '' : html`<small>${found === 1 ? '1 finding' : `${found} findings`}</small>`}</li>
`
  kept.set(standing, text)
  return text
}

/** A row as it is where it is not among those that were asked for. */
export function hidden(row: string): string {
  return row.replace('<li ', '<li hidden ')
}
