import { html } from 'ghtml'
import type { Diagnosis } from '../cases/diagnose.ts'
import { duration } from '../facts/duration.ts'
import { layers } from '../facts/observation.ts'
import { inCurlyQuotes, verdictWords } from '../words/verdict-words.ts'
import { marks } from './marks.ts'
import { type PathMarks, type Picture, type Stop, stations, type Way } from './picture.ts'

/** The way from a client to Zilliz Cloud as a picture that is a list: good up to where it breaks, and there the symptom. */
export function path({ resolvers, name, ways }: Picture, diagnosis: Diagnosis): string {
  const symptom = diagnosis.state === 'failing' ? verdictWords(diagnosis, inCurlyQuotes) : undefined
  const breaksAt = layers.find(layer => layer === diagnosis.case.layer)
  const at = (layer: typeof breaksAt) => (breaksAt === layer ? symptom : undefined)
  const way = ({ address, tls, application }: Way) => html`
        <li>
          <ol class="way">
            !${stop(address, 'stop', at('tcp'))}
            !${stop(tls, 'stop', at('tls'))}
            !${stop(application, 'stop', at('application'))}
          </ol>
        </li>`
  return html`
    <ol class="path">
      !${stop({ mark: 'good', title: 'Client', what: 'in the network of this probe' }, 'stop', undefined)}
      <li class="fan" aria-label="Resolvers">
        <ul>!${resolvers.map(each => stop(each, 'stop', undefined))}</ul>
      </li>
      !${stop(name, 'stop name', at('dns'))}
      <li class="fan ways" aria-label="Addresses">
        <ul>!${ways.map(way)}</ul>
      </li>
    </ol>`
}

function stop({ mark, title, what, seconds, more = [] }: Stop, kind: string, symptom: string | undefined): string {
  const breaks = symptom !== undefined && mark === 'bad'
  return html`
    <li class="${kind} ${mark}">
      <span class="sign" aria-hidden="true">${marks[mark].sign}</span>
      <strong class="title">${title}</strong>
      <span class="hidden">${marks[mark].words}:</span>
      <span class="what">${what}</span>
      !${seconds === undefined ? '' : html`<span class="took">${duration(seconds)}</span>`}
      !${breaks ? html`<em class="symptom">${symptom}</em>` : ''}
      !${more.length === 0 ? '' : html`<details class="more"!${breaks ? ' open' : ''}><summary>more</summary><ul>!${more.map(line => html`<li>${line}</li>`)}</ul></details>`}
    </li>`
}

/** The same way in six signs. */
export function outlineMarkup(marksOf: PathMarks): string {
  const broken = stations.find(station => marksOf[station] === 'bad')
  const label = broken === undefined ? 'no stop fails' : `fails at: ${stationWords[broken]}`
  const signs = stations.map(station => marks[marksOf[station]].sign).join('')
  return html`<span class="outline" role="img" aria-label="${label}">${signs}</span>`
}

const stationWords: Readonly<Record<(typeof stations)[number], string>> = {
  client: 'the client',
  resolvers: 'the resolvers',
  name: 'the name',
  addresses: 'the addresses',
  tls: 'TLS',
  zilliz: 'Zilliz Cloud'
}
