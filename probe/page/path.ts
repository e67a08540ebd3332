import { html } from 'ghtml'
import { duration } from '../facts/duration.ts'
import { layers } from '../facts/observation.ts'
import type { Standing } from '../rounds/standing.ts'
import { inCurlyQuotes, verdictWords } from '../words/verdict-words.ts'
import { marks } from './marks.ts'
import { type PathMarks, type Picture, type Stop, stations, type Way } from './picture.ts'

/**
 * The way from a client to Zilliz Cloud as a picture that is a list. It forks at the name into its addresses. It is good up to where it
 * breaks, and there the symptom is.
 */
export function path(
  { resolvers, endpoint, name, ways }: Picture,
  { diagnosis, target }: Pick<Standing, 'diagnosis' | 'target'>
): string {
  const symptom = diagnosis.state === 'failing' ? verdictWords(diagnosis, inCurlyQuotes) : undefined
  const breaksAt = layers.find(layer => layer === diagnosis.case.layer)
  const at = (layer: typeof breaksAt) => (breaksAt === layer ? symptom : undefined)
  const id = (place: string) => `more-${target.name}-${encodeURIComponent(place)}`
  const way = ({ address, tls, application }: Way, index: number) => html`
        <li class="branch">
          <ol class="way">
            !${stop(address, { layer: 'TCP', id: id(`tcp-${index}`), symptom: at('tcp') })}
            !${stop(tls, { id: id(`tls-${index}`), symptom: at('tls') })}
            !${stop(application, { id: id(`application-${index}`), symptom: at('application') })}
          </ol>
        </li>`
  return html`
    <ol class="path" aria-label="The path from a client to Zilliz Cloud">
      !${stop({ mark: 'good', title: 'Client', what: 'where the probe runs' }, { id: id('client') })}
      <li class="fan" aria-label="Resolvers">
        <ul class="branches!${resolvers.length > 1 ? ' forks joins' : ''}">!${resolvers.map((each, index) => html`<li class="branch">!${stop(each, { tag: 'div', layer: 'DNS', id: id(`dns-${index}`) })}</li>`)}</ul>
      </li>
      !${stop(name, { kind: resolvers.length > 1 ? 'name joined' : 'name', id: id('name'), symptom: at('dns') })}
      <li class="fan ways" aria-label="Addresses">
        <ul class="branches!${ways.length > 1 ? ' forks' : ''}">!${ways.map(way)}</ul>
      </li>
    </ol>
    <p class="facts"><code>${target.host}:${target.port}</code>!${endpoint === undefined ? '' : html` · endpoint: ${endpoint.what}`}</p>`
}

interface StopPlace {
  /** Of its details: what a person opened is found by it after an update. */
  readonly id: string
  readonly tag?: 'div'
  readonly kind?: string
  readonly layer?: string
  readonly symptom?: string | undefined
}

function stop(
  { mark, title, full, what, seconds, more = [] }: Stop,
  { id, tag, kind, layer, symptom }: StopPlace
): string {
  const breaks = symptom !== undefined && mark === 'bad'
  const details = full === undefined ? more : [full, ...more]
  return html`
    <!${tag ?? 'li'} class="stop${kind === undefined ? '' : ` ${kind}`} ${mark}">
      <span class="sign" aria-hidden="true">${marks[mark].sign}</span>
      !${layer === undefined ? '' : html`<span class="layer">${layer}</span>`}
      <strong class="title"!${full === undefined ? '' : html` title="${full}"`}>${title}</strong>
      <span class="hidden">${marks[mark].words}:</span>
      <span class="what">${what}</span>
      !${seconds === undefined ? '' : html`<span class="took">${duration(seconds)}</span>`}
      !${breaks ? html`<em class="symptom">${symptom}</em>` : ''}
      !${details.length === 0 ? '' : html`<details class="more" id="${id}"><summary>more</summary><ul>!${details.map(line => html`<li>${line}</li>`)}</ul></details>`}
    </!${tag ?? 'li'}>`
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
