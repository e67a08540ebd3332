/**
 * JSON in printable ASCII, with `\uXXXX` for every other character. Names from the network can have octets that a terminal interprets as
 * commands.
 */
export function asciiJson(value: unknown): string {
  return toAscii(JSON.stringify(value))
}

/** JSON text with `\uXXXX` for every character that is not printable ASCII. */
export function toAscii(json: string): string {
  return json.replace(/[\x7f-\uffff]/g, unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
