import { html } from 'ghtml'
import { cloudOf } from '../clouds.ts'
import type { IdleFound } from '../idle/idle-found.ts'
import type { History } from '../rounds/history.ts'
import { stateNow } from '../rounds/report.ts'
import type { Standing } from '../rounds/standing.ts'
import { idleMeaning, idleWords } from '../words/idle-words.ts'
import { keepaliveFor } from '../words/keepalive.ts'
import { podWords, stateWords } from '../words/verdict-words.ts'
import { age } from './age.ts'
import { markOfState, marks } from './marks.ts'
import { path } from './path.ts'
import { pictureOf, shortName } from './picture.ts'
import { strip } from './strip.ts'
import { findingList, verdict } from './verdict.ts'

/** All about one target: the verdict and what to do, then its path, what else was found, and its last hours. */
export function article(standing: Standing, history: History | undefined, mayRequestRound: boolean): string {
  const { target, diagnosis, since, rounds, evidence, idle } = standing
  const { name, cloud, region, host, port } = target
  const [last] = rounds
  const state = stateNow(standing)
  const mark = markOfState[state]
  const pod = evidence?.pod
  return html`
  <article id="full-${name}" class="${mark}" aria-labelledby="name-${name}">
    <header>
      <h3 id="name-${name}"><span class="sign" aria-hidden="true">${marks[mark].sign}</span> <a href="?target=${name}" title="${host}:${port}">${shortName(target)}</a></h3>
      <p class="facts">${name.slice(0, name.lastIndexOf('/'))} · ${cloudOf(cloud).title} ${region} · ${stateWords[state].toLowerCase()}!${
        since === undefined || !isOfCase(standing) ? '' : html` for !${age(since, 'for')}`
      }!${last === undefined ? '' : html` · checked !${age(last.at, 'ago')}`}!${pod === undefined ? '' : html` · from ${podWords(pod)}`}</p>
    </header>
    !${verdict(standing)}
    <div class="seen">
    !${path(pictureOf(standing), standing)}
    </div>
    <div class="rest">
    !${diagnosis.state === 'degraded' ? '' : findingList(standing)}
    !${idle === undefined ? '' : idleLine(idle)}
    !${history === undefined ? '' : strip(history, name)}
    !${
      mayRequestRound
        ? html`<form class="round" method="post" action="/api/targets/${name}/rounds">
      <button>Check now</button> <output></output>
    </form>`
        : ''
    }
    <p class="links"><a href="/api/targets/${name}">All evidence as JSON</a></p>
    </div>
  </article>`
}

/** Whether a state is as old as the case: findings come and go without it, and a verdict that is held is an earlier one. */
export function isOfCase({ diagnosis, heldBy }: Standing): boolean {
  return heldBy.length === 0 && !(diagnosis.state === 'degraded' && diagnosis.case.id === 'healthy')
}

/** What became of idle connections: information, whatever the verdict. */
function idleLine(idle: IdleFound): string {
  const meaning = idleMeaning(idle)
  const seconds = keepaliveFor(idle)
  return html`
    <p class="idle">
      Idle connections: ${idleWords(idle)}, tested !${age(idle.at, 'ago')}.
      !${meaning === undefined ? '' : html`${meaning}`}
      !${seconds === undefined ? '' : html`Let clients send a keepalive every ${String(seconds)} s, also without calls: <code>doctor --idle</code> prints the settings.`}
    </p>`
}
