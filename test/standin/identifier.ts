import { createHash } from 'node:crypto'

/** Makes ids as a cloud would, yet the same in every run: they follow from what a thing is, not from when it was made. */
export class Identifiers {
  readonly #made = new Map<string, number>()
  readonly #era: readonly string[]

  /** @param era tells ids from those that a cloud made before it was written down. @default - it makes its first */
  constructor(...era: readonly string[]) {
    this.#era = era
  }

  /** Hexadecimal digits, such as the seventeen of `vpc-0a1b…`; the same thing made again gets others. */
  hex(length: number, ...thing: string[]): string {
    return this.#digest(thing).slice(0, length)
  }

  /** Capital letters and digits, such as the end of a hosted zone's `Z0A1B…`. */
  capitals(length: number, ...thing: string[]): string {
    return this.#digest(thing)
      .replace(/./g, digit => '0B1C2DFGHJKLMNPQ'.charAt(Number.parseInt(digit, 16)))
      .slice(0, length)
  }

  /** Small letters and digits, such as the middle of an endpoint's DNS name. */
  smalls(length: number, ...thing: string[]): string {
    return this.capitals(length, ...thing).toLowerCase()
  }

  /** Decimal digits that a JavaScript number holds. */
  number(...thing: string[]): number {
    return Number.parseInt(this.#digest(thing).slice(0, 12), 16)
  }

  #digest(thing: readonly string[]): string {
    const name = JSON.stringify([...this.#era, ...thing])
    const nth = this.#made.get(name) ?? 0
    this.#made.set(name, nth + 1)
    return createHash('sha256').update(`${name}#${nth}`).digest('hex')
  }
}
