import { ConfigError } from '../schema/read.ts'
import { type Target, targetOf, withoutSlash } from '../target.ts'
import { readZillizHost } from '../zilliz/host.ts'

/**
 * Reads a target off a private link as Zilliz Cloud prints it: `https://host:port` or `host:port`. Cloud and region are
 * in the name; ids for the commands of a remedy are not.
 *
 * @returns the target, or the one thing that is wrong: what was given, what to do
 */
export function readHostArgument(argument: string): Target | { readonly mistake: string } {
  const read = readZillizHost(withoutSlash(argument))
  if ('wrong' in read) return { mistake: `the private link ${read.wrong}. ${read.remedy}` }
  return targetOf(read, 'doctor', read.label)
}

/**
 * Reads several of them.
 *
 * @throws ConfigError with one line for each that is wrong
 */
export function readHostArguments(links: readonly string[]): readonly Target[] {
  const read = links.map(readHostArgument)
  const mistakes = read.flatMap(each => ('mistake' in each ? [each.mistake] : []))
  if (mistakes.length > 0) throw new ConfigError(mistakes)
  const targets = read.flatMap(each => ('mistake' in each ? [] : [each]))
  // Clusters of one name differ by their port.
  return targets.map(target =>
    targets.filter(({ name }) => name === target.name).length === 1
      ? target
      : { ...target, name: `${target.name}-${target.port}` }
  )
}
