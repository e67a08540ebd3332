import { html } from 'ghtml'

/** A sentence of the catalog, in which literal text is between backticks. */
export function prose(text: string): string {
  return text
    .split('`')
    .map((part, index) => (index % 2 === 0 ? html`${part}` : html`<code>${part}</code>`))
    .join('')
}
