import { quote } from 'shlex'

/** A command for a POSIX shell, with every value in it quoted. Only {@link shell} makes one. */
export type ShellCommand = string & { readonly [made]: true }
declare const made: unique symbol

/** A value that the operator must put in; a shell refuses to run a command that still has one. */
const placeholder = /^<[a-z-]+>$/

/**
 * Writes a command for a POSIX shell. Each value becomes one word or a part of one, whatever it holds: quotes are added where
 * the shell needs them. A `<placeholder>` stays as it is. No value may be inside quotes: give the whole word as one value.
 *
 * @example shell`curl --max-time 10 --data ${'{}'} https://${host}:${port}/`
 */
export function shell(words: TemplateStringsArray, ...values: readonly (string | number)[]): ShellCommand {
  const quoted = values.map(String).map(value => (placeholder.test(value) ? value : quote(value)))
  return String.raw({ raw: words }, ...quoted) as ShellCommand
}

/** Commands and words of {@link shell}, one after the other. */
export function joinedWords(...parts: readonly (ShellCommand | undefined)[]): ShellCommand {
  return parts.filter(part => part !== undefined).join(' ') as ShellCommand
}
