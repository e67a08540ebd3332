import { html } from 'ghtml'
import { moment, span } from '../words/moment.ts'

/**
 * How long ago a moment was, with the exact time in its tooltip. The words are put in last, by {@link withAges} or by the script of the page:
 * so markup changes with what is seen, and not with every second.
 *
 * @param at Unix time in seconds
 * @param form `12 s ago`, or `12 s` where it follows "for"
 */
export function age(at: number, form: 'ago' | 'for'): string {
  return html`<time class="${form}" datetime="${new Date(at * 1000).toISOString()}" title="${moment(at)}"></time>`
}

/** Markup with the words of its ages, as they are now: Unix time in seconds. */
export function withAges(markup: string, now: number): string {
  return markup.replace(/(<time class="(ago|for)" datetime="([^"]*)"[^>]*>)(<\/time>)/g, (_, start, form, iso, end) => {
    const words = span(Math.max(0, now - Date.parse(iso) / 1000))
    return `${start}${form === 'ago' ? `${words} ago` : words}${end}`
  })
}
