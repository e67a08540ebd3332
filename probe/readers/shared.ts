/**
 * Makes something once for everybody who asks while it is being made, or soon after.
 *
 * @param ms for how long it is kept after it has been made
 * @returns what was made, however that was, or what the making threw
 */
export function sharedFor<T>(ms: number): (make: () => T | Promise<T>) => Promise<T> {
  let made: Promise<T> | undefined
  const forget = () => {
    setTimeout(() => {
      made = undefined
    }, ms).unref()
  }
  return make => {
    if (made === undefined) {
      made = new Promise(resolve => resolve(make()))
      made.then(forget, forget)
    }
    return made
  }
}
