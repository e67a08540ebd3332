// @ts-check
// What a browser does beyond showing the page: it keeps it up to date, filters it at once, and copies commands. The page is
// whole without it. It is JavaScript because browsers read it as it stands.
import { Idiomorph } from './idiomorph.js'

/** @typedef {{ name: string, rank: string, html: string }} Row */
/** @typedef {{ summary?: string, shown?: string, rows?: readonly Row[], reload?: true }} Update */

const { edition = '', revision = '', now = '' } = document.body.dataset
/** By how much the clock of this machine is ahead of the probe's: ages are those of the probe. */
const clockAheadMs = Date.now() - performance.now() + startOfReply() - Number(now)
/** @type {HTMLElement} */
const rows = element('rows')
/** @type {HTMLFormElement} */
const filter = element('filter')
const live = element('live')
const icon = element('icon')

/** Without a word from the probe for so long, it may be gone, or something in between keeps what it says to itself. */
const silentMs = 25_000
/** So long after a keystroke is another one unlikely: the probe refuses event streams that are opened too often. */
const typingMs = 500
/** How often ages are written anew. */
const ageMs = 1000
/** As often does a page reload itself that is not kept up to date. */
const reloadMs = 30_000

/** Milliseconds from the start of the visit to the first byte of the page. */
function startOfReply() {
  const [visit] = performance.getEntriesByType('navigation')
  return visit instanceof PerformanceNavigationTiming ? visit.responseStart : 0
}

/**
 * @template {HTMLElement} T
 * @param {string} id
 * @returns {T}
 */
function element(id) {
  const found = document.getElementById(id)
  if (found === null) throw new Error(`the page has no #${id}`)
  return /** @type {T} */ (found)
}

/** @param {string} text */
function fragment(text) {
  const template = document.createElement('template')
  template.innerHTML = text
  return template.content
}

/**
 * Puts other markup in the place of what is there, and leaves be what a person did to it.
 *
 * @param {HTMLElement} into
 * @param {string} text
 */
function morph(into, text) {
  Idiomorph.morph(into, text, {
    morphStyle: 'innerHTML',
    callbacks: {
      beforeAttributeUpdated: (/** @type {string} */ name) => name !== 'open',
      beforeNodeRemoved: (/** @type {Node} */ node) =>
        !(node instanceof HTMLButtonElement && node.closest('pre') !== null)
    }
  })
  addCopyButtons(into)
  showAges(into)
}

/**
 * Puts into each age how long ago its moment was, in the words of the probe.
 *
 * @param {ParentNode} within
 */
function showAges(within) {
  for (const time of within.querySelectorAll('time')) {
    const seconds = Math.max(0, (Date.now() - clockAheadMs - Date.parse(time.dateTime)) / 1000)
    const words = `${span(seconds)}${time.className === 'ago' ? ' ago' : ''}`
    if (time.textContent !== words) time.textContent = words
  }
}

/** @param {number} seconds */
function span(seconds) {
  if (seconds < 60) return `${Math.floor(seconds)} s`
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`
  if (seconds < 2 * 86_400) return `${Math.floor(seconds / 3600)} h`
  return `${Math.floor(seconds / 86_400)} days`
}

/** Reads the page anew, with what a person opened still open. */
function reload() {
  const open = Array.from(document.querySelectorAll('details[open]'), ({ id }) => id)
  sessionStorage.setItem('open', JSON.stringify(open))
  location.reload()
}

/** @param {Row} row */
function place({ name, rank, html }) {
  const next = fragment(html).firstElementChild
  if (!(next instanceof HTMLElement)) return
  showAges(next)
  const before = document.getElementById(`row-${name}`)
  const hadFocus = before?.contains(document.activeElement) === true
  if (before?.dataset.rank === rank) before.replaceWith(next)
  else {
    before?.remove()
    const after = Array.from(rows.children).find(
      each => each instanceof HTMLElement && (each.dataset.rank ?? '') > rank
    )
    rows.insertBefore(next, after ?? null)
  }
  if (hadFocus) next.querySelector('a')?.focus()
}

/** Shows the hosts that are asked for, as the probe does. */
function applyFilter() {
  const wanted = new FormData(filter)
  const value = (/** @type {string} */ name) => String(wanted.get(name) ?? '')
  const [environment, cloud, id, text] = ['environment', 'cloud', 'case', 'text'].map(value)
  let any = false
  for (const row of rows.children) {
    if (!(row instanceof HTMLElement)) continue
    const { environment: its = '', cloud: own = '', case: judged = '', host = '' } = row.dataset
    const matches =
      (environment === '' || its === environment) &&
      (cloud === '' || own === cloud) &&
      (id === '' || judged === id) &&
      (row.id.slice('row-'.length).includes(text ?? '') || host.includes(text ?? ''))
    row.hidden = !matches
    any ||= matches
  }
  element('none').hidden = any
}

/** What is asked for, as it stands in the address bar. */
function asked() {
  const query = new URLSearchParams(location.search)
  for (const [name, value] of new FormData(filter)) {
    if (String(value) === '') query.delete(name)
    else query.set(name, String(value))
  }
  return query
}

/** @param {HTMLElement} within */
function addCopyButtons(within) {
  // Only where the browser allows it: over HTTPS, or on this machine.
  if (navigator.clipboard === undefined) return
  for (const pre of within.querySelectorAll('pre')) {
    if (pre.querySelector('button') !== null) continue
    const button = document.createElement('button')
    button.type = 'button'
    button.textContent = 'Copy'
    button.addEventListener('click', async () => {
      await navigator.clipboard.writeText(pre.querySelector('code')?.textContent ?? '')
      button.textContent = 'Copied'
      setTimeout(() => {
        button.textContent = 'Copy'
      }, 2000)
    })
    pre.append(button)
  }
}

/**
 * Has the probe begin a round, and stays on the page; what the round saw comes as an update.
 *
 * @param {HTMLFormElement} form
 */
async function requestRound(form) {
  /** @param {string} words */
  const tell = words => {
    for (const output of form.getElementsByTagName('output')) output.textContent = words
  }
  tell('checking …')
  const reply = await fetch(form.action, { method: 'POST' }).catch(() => undefined)
  if (reply === undefined) tell('not connected')
  else if (!reply.ok) tell((await reply.json()).error)
}

/** @type {EventSource | undefined} */
let updates
/** @type {ReturnType<typeof setTimeout> | undefined} */
let silence
/** @type {ReturnType<typeof setTimeout> | undefined} */
let typing
const revisionNow = revision

function listen() {
  updates?.close()
  const query = asked()
  query.set('edition', edition)
  query.set('revision', revisionNow)
  updates = new EventSource(`updates?${query}`)
  hear()
  updates.addEventListener('message', event => {
    hear()
    take(JSON.parse(event.data))
  })
  updates.addEventListener('error', () => {
    say('not connected, trying again', false)
    // It gives up where the probe answers with an error.
    if (updates?.readyState === EventSource.CLOSED) setTimeout(reload, reloadMs)
  })
}

/** Somebody spoke: the page is up to date. */
function hear() {
  clearTimeout(silence)
  silence = setTimeout(() => {
    say('not up to date', false)
    setTimeout(reload, reloadMs - silentMs)
  }, silentMs)
}

/**
 * @param {string} words
 * @param {boolean} connected
 */
function say(words, connected) {
  if (live.textContent !== words) live.textContent = words
  live.classList.toggle('connected', connected)
}

/** @param {Update} update */
function take({ summary, shown, rows: changed = [], reload: isOld }) {
  if (isOld) return reload()
  say('live', true)
  if (summary !== undefined) {
    morph(element('summary'), summary)
    const { icon: href } = element('summary').querySelector('p')?.dataset ?? {}
    if (href !== undefined) icon.setAttribute('href', href)
    document.title = `${element('summary').textContent?.trim().split('\n')[0]} · Private links`
  }
  if (shown !== undefined) morph(element('shown'), shown)
  for (const row of changed) place(row)
  if (changed.length > 0) applyFilter()
}

filter.querySelector('button')?.remove()
filter.addEventListener('input', () => {
  const query = asked().toString()
  history.replaceState(null, '', query === '' ? location.pathname : `?${query}`)
  applyFilter()
  clearTimeout(typing)
  typing = setTimeout(listen, typingMs)
})
filter.addEventListener('submit', event => event.preventDefault())
document.addEventListener('submit', event => {
  if (!(event.target instanceof HTMLFormElement) || !event.target.matches('.round')) return
  event.preventDefault()
  void requestRound(event.target)
})
addCopyButtons(document.body)
for (const id of JSON.parse(sessionStorage.getItem('open') ?? '[]'))
  document.getElementById(id)?.setAttribute('open', '')
sessionStorage.removeItem('open')
setInterval(() => {
  if (!document.hidden) showAges(document)
}, ageMs)
listen()
