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
  if ('wrong' in read) return { mistake: `the private link ${read.wrong}; ${read.remedy}` }
  return targetOf(read, 'doctor', read.label)
}
