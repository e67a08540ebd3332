import { html } from 'ghtml'
import type { Severity } from '../cases/case.ts'
import { type CaseId, catalogue } from '../cases/catalogue.ts'
import { duration } from '../facts/duration.ts'
import { type Layer, layers } from '../facts/observation.ts'
import { type CaseTransition, type History, type Minute, mostMinutes } from '../rounds/history.ts'
import { moment, span } from '../words/moment.ts'
import { age } from './age.ts'
import { markOf, markOfState } from './marks.ts'

const height = 18
const severityOf = new Map<CaseId, Severity>(catalogue.map(({ id, severity }) => [id, severity]))
const layerWords: Readonly<Record<Layer, string>> = { dns: 'DNS', tcp: 'TCP', tls: 'TLS', application: 'Request' }

/** The last hours: the case of each minute; folded, how long each layer took, and when the case changed. */
export function strip(history: History, name: string): string {
  const minutes = history.minutes()
  const newest = minutes.at(-1)
  if (newest === undefined) return ''
  /** The newest minute is at the right edge, however few there are. */
  const place = ({ at }: Minute) => mostMinutes - 1 - Math.round((newest.at - at) / 60)
  const shown = minutes.filter(minute => place(minute) >= 0)
  const all = history.changes()
  return html`
    <h4>Last ${mostMinutes / 60} hours</h4>
    <div class="strip">!${cases(shown, place)}</div>
    <details id="hours-${name}">
      <summary>!${healthyWords(shown)}, !${all.length === 1 ? '1 change' : `${all.length} changes`}; time of each layer</summary>
      <table class="strip">
        <tbody>!${layers.map(layer => latency(layer, shown, place))}</tbody>
      </table>
      !${changes(all)}
    </details>`
}

function healthyWords(minutes: readonly Minute[]): string {
  const healthy = minutes.filter(minute => minute.case === 'healthy')
  const degraded = healthy.filter(({ isDegraded }) => isDegraded).length
  const words = `${healthy.length - degraded} of ${minutes.length} minutes healthy`
  return degraded === 0 ? words : `${words}, ${degraded} degraded`
}

/** Minutes in a row that have the same case. */
interface CaseRun {
  readonly from: Minute
  readonly to: Minute
}

function cases(minutes: readonly Minute[], place: (minute: Minute) => number): string {
  const label = healthyWords(minutes)
  const runs: CaseRun[] = []
  for (const minute of minutes) {
    const last = runs.at(-1)
    const goesOn =
      last !== undefined &&
      last.from.case === minute.case &&
      last.from.isDegraded === minute.isDegraded &&
      minute.at - last.to.at === 60
    if (goesOn) runs[runs.length - 1] = { from: last.from, to: minute }
    else runs.push({ from: minute, to: minute })
  }
  const bars = runs.map(({ from, to }) => {
    const { case: id, isDegraded } = from
    const ofCase = id === undefined ? 'unreached' : markOf(severityOf.get(id) ?? 'warning')
    const [mark, words] = id === 'healthy' && isDegraded ? [markOfState.degraded, 'degraded'] : [ofCase, id]
    const width = place(to) - place(from) + 1
    return html`<rect class="${mark}" x="${place(from)}" y="0" width="${width}" height="${height}"><title>${moment(from.at)}, ${span(60 * width)}: ${words ?? 'no round counted'}</title></rect>`
  })
  return drawing(label, bars.join(''))
}

function latency(layer: Layer, minutes: readonly Minute[], place: (minute: Minute) => number): string {
  const points = minutes.flatMap(minute => {
    const seconds = minute.seconds[layer]
    return seconds === undefined ? [] : [{ x: place(minute), seconds }]
  })
  const last = points.at(-1)
  const most = Math.max(0, ...points.map(({ seconds }) => seconds))
  const label = last === undefined ? 'never reached' : `${duration(last.seconds)} last, ${duration(most)} at most`
  // A bar for each minute, as tall as it took long; a minute without one is a gap.
  const bars = points.map(({ x, seconds }) => {
    const tall = Math.max(1, Math.round((height * seconds) / (most || 1)))
    return `M${x} ${height}v-${tall}h1v${tall}z`
  })
  const shape = bars.length === 0 ? '' : html`<path d="${bars.join('')}"></path>`
  return html`
        <tr>
          <th scope="row">${layerWords[layer]}</th>
          <td>!${drawing(`${layerWords[layer]}: ${label}`, shape)}</td>
          <td>${label}</td>
        </tr>`
}

function drawing(label: string, shapes: string): string {
  return html`<svg role="img" aria-label="${label}" viewBox="0 0 ${mostMinutes} ${height}" preserveAspectRatio="none">!${shapes}</svg>`
}

function changes(all: readonly CaseTransition[]): string {
  if (all.length === 0) return ''
  return html`
      <ol class="changes">
        !${all.map(({ at, from, to }) => html`<li>!${age(at, 'ago')}: <code>${from}</code> → <code>${to}</code></li>`)}
      </ol>`
}
