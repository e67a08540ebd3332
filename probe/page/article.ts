import { html } from 'ghtml'
import { cloudOf } from '../clouds.ts'
import type { IdleFound } from '../idle/idle-found.ts'
import type { History } from '../rounds/history.ts'
import type { Standing } from '../rounds/standing.ts'
import { idleMeaning, idleWords } from '../words/idle-words.ts'
import { keepaliveFor } from '../words/keepalive.ts'
import { moment } from '../words/moment.ts'
import { podWords } from '../words/verdict-words.ts'
import { path } from './path.ts'
import { pictureOf } from './picture.ts'
import { strip } from './strip.ts'
import { findingList, verdict } from './verdict.ts'

/** All about one target: its picture, why it breaks, what to do, and its last hours. */
export function article(standing: Standing, history: History | undefined, mayRequestRound: boolean): string {
  const { target, diagnosis, since, rounds, evidence, idle } = standing
  const [last] = rounds
  const pod = evidence?.pod
  return html`
  <article id="full-${target.name}" aria-label="${target.name}">
    <h3><a href="?target=${target.name}">${target.name}</a></h3>
    <p class="facts">
      ${cloudOf(target.cloud).title} ${target.region}, <code>${target.host}:${target.port}</code>!${
        since === undefined ? '' : html`, <code>${diagnosis.case.id}</code> since <time>${moment(since)}</time>`
      }!${last === undefined ? '' : html`, last checked at <time>${moment(last.at)}</time>`}!${pod === undefined ? '' : html`, from ${podWords(pod)}`}
    </p>
    !${path(pictureOf(standing), diagnosis)}
    !${verdict(standing)}
    !${findingList(standing)}
    !${idle === undefined ? '' : idleLine(idle)}
    !${history === undefined ? '' : strip(history)}
    !${
      mayRequestRound
        ? html`<form class="round" method="post" action="/api/targets/${target.name}/rounds">
      <button>Check now</button> <output></output>
    </form>`
        : ''
    }
    <p class="links"><a href="/api/targets/${target.name}">All that was seen, as JSON</a></p>
  </article>`
}

/** What became of idle connections: information, whatever the verdict. */
function idleLine(idle: IdleFound): string {
  const meaning = idleMeaning(idle)
  const seconds = keepaliveFor(idle)
  return html`
    <p class="idle">
      Idle connections: ${idleWords(idle)}, tested at <time>${moment(idle.at)}</time>.
      !${meaning === undefined ? '' : html`${meaning}`}
      !${seconds === undefined ? '' : html`Let clients send a keepalive every ${String(seconds)} s, also without calls: <code>doctor --idle</code> prints the settings.`}
    </p>`
}
