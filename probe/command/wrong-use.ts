import { OperatorError } from '../schema/operator-error.ts'

/** A mistake on the command line. */
export class WrongUse extends OperatorError {
  /** @param mistake what was given, and what to do, in one line */
  constructor(mistake: string) {
    super([mistake])
  }
}
