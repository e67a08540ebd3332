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

/** The same for free text, where spaces are welcome; no longer than `length` characters. */
export function escapeProse(text: string, length: number): string {
  return text
    .slice(0, length)
    .split(' ')
    .map(word => escapeText(word))
    .join(' ')
    .slice(0, length)
}
