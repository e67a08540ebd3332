import { html } from 'ghtml'
import { catalogue } from '../cases/catalogue.ts'
import type { State } from '../cases/state.ts'
import { allClouds } from '../clouds.ts'
import type { History } from '../rounds/history.ts'
import { stateNow } from '../rounds/report.ts'
import type { Standing } from '../rounds/standing.ts'
import { type ImpairmentId, impairments } from '../suspicion/impairments.ts'
import { withAges } from './age.ts'
import { article } from './article.ts'
import type { Board } from './board.ts'
import { icon } from './icon.ts'
import { markOfState } from './marks.ts'
import { hidden, rankOf } from './row.ts'
import { matches, type View } from './view.ts'

/** What the page is made of. */
export interface PageSource {
  readonly standings: () => readonly Standing[]
  readonly history: (target: string) => History | undefined
  readonly impairments: () => readonly ImpairmentId[]
  /** Whether a reader may have a round begun. */
  readonly mayRequestRounds: () => boolean
  /** Markup at the top of the page, such as the switches of the demo. */
  readonly panel?: () => string
}

/** Targets that are shown in full if the request names none: the worst of those that are not healthy. */
const mostShown = 3

/** What the page is made with. */
interface Made {
  readonly version: string
  readonly style: string
}

/** The whole page, with its style in it: one request less before it is seen. */
export function* document(watched: PageSource, board: Board, view: View, made: Made): Generator<string> {
  // A slow reader must not keep all that was seen: names are enough, and how the board has them when their turn comes.
  const now = Date.now() / 1000
  const { top, rows } = beginning(watched, board, view, made)
  yield withAges(top, now)
  for (const { name, isHidden } of rows) {
    const row = withAges(board.html(name), now)
    yield isHidden ? hidden(row) : row
  }
  yield foot(rows, made)
}

function beginning(watched: PageSource, board: Board, view: View, made: Made) {
  const standings = watched.standings().toSorted(byRank)
  const rows = standings.map(standing => ({ name: standing.target.name, isHidden: !matches(view, standing) }))
  return { top: head(watched, standings, board, view, made), rows }
}

function head(watched: PageSource, standings: readonly Standing[], board: Board, view: View, { style }: Made): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Private links</title>
<link rel="icon" id="icon" href="${icon(worstOf(standings))}">
<style>!${style}</style>
<script type="module" src="page.js"></script>
<link rel="modulepreload" href="idiomorph.js">
<noscript><meta http-equiv="refresh" content="30"></noscript>
</head>
<body data-edition="${board.edition()}" data-revision="${board.revision()}" data-now="${String(Date.now())}">
<header>
<h1><a href="./">Private links</a></h1>
<div id="summary">!${summary(watched)}</div>
<p id="live" role="status" class="hidden-without-script"></p>
</header>
<main>
<section aria-labelledby="full">
<h2 id="full" class="hidden">Hosts in full</h2>
<div id="shown">!${shownTargets(watched, view)}</div>
</section>
<section aria-labelledby="all">
<h2 id="all">All hosts</h2>
!${filter(standings, view)}
<ul id="rows">
`
}

function foot(rows: readonly { readonly isHidden: boolean }[], { version }: Made): string {
  return html`
</ul>
<p id="none" !${rows.some(({ isHidden }) => !isHidden) ? 'hidden' : ''}>${rows.length === 0 ? 'No host is watched: the config has no targets yet.' : 'No host matches the filter.'}</p>
</section>
</main>
<footer>
<p>Probe ${version}. <a href="metrics">Metrics</a>, <a href="api/targets">API</a>, <a href="openapi.json">API description</a>.</p>
</footer>
</body>
</html>
`
}

const unwell = ['failing', 'degraded', 'unknown'] as const

/** The worst state of all. */
function worstOf(standings: readonly Standing[]): State {
  const seen = new Set(standings.map(stateNow))
  return unwell.find(state => seen.has(state)) ?? 'healthy'
}

/** How all are, in a line; and what is wrong with the probe itself. */
export function summary(watched: PageSource): string {
  const standings = watched.standings()
  const counts = unwell.flatMap(state => {
    const count = standings.filter(standing => stateNow(standing) === state).length
    return count === 0 ? [] : [html`<span class="${markOfState[state]}">${count} ${state}</span>`]
  })
  const worst = worstOf(standings)
  const words = standings.length === 1 ? '1 host' : `${standings.length} hosts`
  const active = impairments.filter(({ id }) => watched.impairments().includes(id))
  return html`<p class="counts" data-icon="${icon(worst)}"><strong>${words}</strong>, !${counts.length > 0 ? counts.join(', ') : standings.length === 1 ? '<span class="good">healthy</span>' : '<span class="good">all healthy</span>'}</p>!${active.map(
    ({ id, invalidates, meaning, remedy }) => html`
<p class="impairment"><strong>The probe itself: <code>${id}</code>.</strong> ${meaning}${invalidates === undefined ? '' : ` Held: ${invalidates}.`} What to do: ${remedy}</p>`
  )}!${watched.panel?.() ?? ''}`
}

/** The target that was asked for in full, or else the first few of those that match and are not healthy: a healthy host is one line of the list. */
export function shownTargets(
  watched: PageSource,
  view: View,
  write = (standing: Standing) => article(standing, watched.history(standing.target.name), watched.mayRequestRounds())
): string {
  const standings = watched.standings()
  const chosen =
    view.target === ''
      ? standings
          .filter(standing => matches(view, standing) && stateNow(standing) !== 'healthy')
          .toSorted(byRank)
          .slice(0, mostShown)
      : standings.filter(({ target }) => target.name === view.target)
  if (chosen.length === 0 && view.target !== '') return html`<p>No target is called <code>${view.target}</code>.</p>`
  return chosen.map(standing => write(standing)).join('')
}

function filter(standings: readonly Standing[], view: View): string {
  const environments = [...new Set(standings.map(({ target }) => target.environment))].toSorted()
  return html`
<form id="filter" role="search" aria-label="Hosts">
<label>Environment !${select('environment', view.environment, environments)}</label>
<label>Cloud !${select(
    'cloud',
    view.cloud,
    allClouds.map(({ id }) => id)
  )}</label>
<label>Case !${select(
    'case',
    view.case,
    catalogue.map(({ id }) => id)
  )}</label>
<label>Name or host <input type="search" name="text" value="${view.text}" maxlength="200"></label>
<button>Show</button>
</form>`
}

function select(name: string, chosen: string, values: readonly string[]): string {
  const all = values.includes(chosen) || chosen === '' ? values : [...values, chosen]
  return html`<select name="${name}"><option value="">all</option>!${all.map(
    value => html`<option!${value === chosen ? ' selected' : ''}>${value}</option>`
  )}</select>`
}

function byRank(one: Standing, other: Standing): number {
  return rankOf(one) < rankOf(other) ? -1 : 1
}
