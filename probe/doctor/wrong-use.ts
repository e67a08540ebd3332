/** A mistake of the person who asks: what was given, and what to do, in one line. */
export class WrongUse extends Error {}
