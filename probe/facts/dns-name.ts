/**
 * A name in lower case, as DNS compares names: of ASCII alone (RFC 4343 §3), since other octets have no case.
 *
 * @param name with one character for each octet
 */
export function lowerName(name: string): string {
  return name.replace(/[A-Z]+/g, letters => letters.toLowerCase())
}

/**
 * Whether a name is a zone's own or one below it.
 *
 * @param name in lower case
 * @param zone in lower case; the root's name is empty
 */
export function isWithin(name: string, zone: string): boolean {
  return zone === '' || name === zone || name.endsWith(`.${zone}`)
}

/** The forms as they were compiled: a handful, the clouds'. */
const forms = new Map<string, RegExp>()

/**
 * Whether a name has a form.
 *
 * @param form a regular expression, one of those that the clouds have
 */
export function hasForm(name: string, form: string): boolean {
  const compiled = forms.get(form) ?? new RegExp(form)
  forms.set(form, compiled)
  return compiled.test(name)
}

/**
 * Whether a name can be put into a message: labels of 1 to 63 octets, 255 in all with the octets that count them
 * (RFC 1035 §2.3.4). A character that is no octet cannot.
 *
 * @param name without its last dot
 */
export function isEncodable(name: string): boolean {
  return name.length <= 253 && name.split('.').every(label => /^[\0-\xff]{1,63}$/.test(label))
}
