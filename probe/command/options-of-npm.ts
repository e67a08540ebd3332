/** Settings of npm, or of tools that read npm's, that a person may keep in a file: they tell nothing about the command line. */
const keptInFiles = ['--ca', '--target']

/**
 * Tells whether npm has taken a script's options for its own: without two dashes before them, `npm run` hands none of them over and the
 * script would do something else than it was asked to.
 *
 * @param options those that the script has: `--once`
 * @param variables the environment, in which npm leaves what it has taken
 * @returns what is wrong and what to write, or nothing
 */
export function takenByNpm(
  options: readonly (string | null | undefined)[],
  variables: Readonly<Record<string, string | undefined>>
): string | undefined {
  const script = variables.npm_lifecycle_event
  // npx hands over all that comes after the package's name.
  if (script === undefined || script === 'npx') return undefined
  const taken = options.flatMap(option => {
    if (!option || keptInFiles.includes(option)) return []
    const value = variables[`npm_config_${option.slice(2).replaceAll('-', '_')}`]
    if (value === undefined) return []
    return [value === 'true' ? option : `${option}=${value}`]
  })
  if (taken.length === 0) return undefined
  return `npm run ${script}: options must come after two dashes, got ${taken.join(' ')}. Write: npm run ${script} -- ${taken.join(' ')}`
}
