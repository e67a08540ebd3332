/** Thrown for what the operator can mend: one line for each mistake, with what was given and what to do. A command prints no stack of it. */
export class OperatorError extends Error {
  override readonly name: string = 'OperatorError'
  /** The lines as they are shown. */
  readonly mistakes: readonly string[]

  constructor(mistakes: readonly string[]) {
    super(mistakes.join('\n'))
    this.mistakes = mistakes
  }
}
