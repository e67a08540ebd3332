/**
 * JSON in printable ASCII: every other character is written as `\uXXXX`, as readers of JSON expect it. Names from the
 * network are in it as they were sent, and a terminal takes some of their octets for commands.
 */
export function asciiJson(value: unknown): string {
  return toAscii(JSON.stringify(value))
}

/** The same of what is JSON already. */
export function toAscii(json: string): string {
  return json.replace(/[\x7f-\uffff]/g, unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
