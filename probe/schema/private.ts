const words = /^listen$|^otlp$|^basic_?auth|passw|secret|token|credential|authorization|api_?key|private_?key/i

/** Whether what a key holds must not be shown: where a reader's password may be, also by mistake. */
export function isPrivateKey(key: PropertyKey): boolean {
  return typeof key === 'string' && words.test(key)
}

/** Whether any key on the way to a value is private. */
export function isPrivate(path: readonly PropertyKey[]): boolean {
  return path.some(isPrivateKey)
}
