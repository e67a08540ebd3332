import { OperatorError } from '../probe/schema/operator-error.ts'

/** One thing that is wrong with what the operator wrote: where it is, what was given and what to do. */
export interface Mistake {
  readonly path: readonly (string | number)[]
  readonly message: string
}

/** Thrown when what the operator wrote cannot be deployed; the message has one line for each mistake. */
export class MistakesError extends OperatorError {
  override readonly name = 'MistakesError'
}
