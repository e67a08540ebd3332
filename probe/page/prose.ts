import { html } from 'ghtml'

/** A sentence of the catalogue, in which what is typed as it stands is between backticks. */
export function prose(text: string): string {
  return text
    .split('`')
    .map((part, index) => (index % 2 === 0 ? html`${part}` : html`<code>${part}</code>`))
    .join('')
}
