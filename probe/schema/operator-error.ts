/** Thrown for mistakes of the operator: one line for each, with what was given and what to do. A command prints no stack trace for it. */
export class OperatorError extends Error {
  override readonly name: string = 'OperatorError'
  /** The lines as they are shown. */
  readonly mistakes: readonly string[]

  constructor(mistakes: readonly string[]) {
    super(mistakes.join('\n'))
    this.mistakes = mistakes
  }
}
