const plain = /^[!#$%()*+,\-./0-9:;=?@A-Za-z[\]^_{|}~]*$/

/**
 * Makes text from the network safe for a log, a label and a page: whatever is not printable ASCII, and quotes,
 * backslashes, spaces, `<`, `>`, `&` and backticks, become `\DDD`, the byte in decimal (RFC 1035 §5.1).
 */
export function escapeText(text: string, encoding: 'utf8' | 'latin1' = 'utf8'): string {
  if (plain.test(text)) return text
  return Array.from(Buffer.from(text, encoding), byte => {
    const character = String.fromCharCode(byte)
    return plain.test(character) ? character : `\\${String(byte).padStart(3, '0')}`
  }).join('')
}

/** The same for a name as dns2 gives it, which has one character for each octet. */
export function escapeName(name: string): string {
  return escapeText(name, 'latin1')
}

/** What a reader does not see, or what changes how the rest is seen: control, format, surrogate and unassigned characters. */
const unseen = /[\p{C}\p{Zl}\p{Zp}]/u

/**
 * Makes free text from the network readable and harmless to a terminal: text of every script stays as it is, whatever
 * cannot be seen becomes `\u{HEX}`. It is text still: HTML, labels, shells and Markdown each escape it in their own way.
 *
 * @param length the most characters (UTF-16) that it may have
 */
export function escapeProse(text: string, length: number): string {
  return Array.from(text.slice(0, length), character =>
    unseen.test(character) ? `\\u{${character.codePointAt(0)?.toString(16)}}` : character
  )
    .join('')
    .slice(0, length)
}
