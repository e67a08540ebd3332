import { type Command, Option } from 'commander'

/** What commands of cdktf take: the flags as commander writes them, and what they do. */
type CdktfFlags = readonly (readonly [flags: string, does: string])[]

const ofBoth: CdktfFlags = [
  ['-a, --app <command>', "the program. Default: `app` in the project's cdktf.json"],
  ['-o, --output <directory>', 'the folder of the synthesized Terraform configuration. Default: cdktf.out'],
  ['--auto-approve', 'do not ask before the plan is applied'],
  ['--ignore-missing-stack-dependencies', 'do not require the stacks that the named ones depend on'],
  ['--parallelism <number>', 'how many stacks run at the same time'],
  ['--terraform-parallelism <number>', '-parallelism of Terraform'],
  ['--migrate-state', 'approve that the state moves to another backend'],
  ['--var <name=value>', 'a variable of Terraform; repeatable'],
  ['--var-file <file>', 'a file with variables of Terraform; repeatable'],
  ['--skip-synth', 'use the Terraform configuration that is in the output folder'],
  ['--skip-provider-lock', 'do not lock the versions of the providers'],
  ['--no-color', 'print no colors'],
  ['--log-level <level>', 'how much cdktf logs'],
  ['--log-file-directory <directory>', 'the folder of the log of cdktf'],
  ['--disable-plugin-cache-env', 'do not set TF_PLUGIN_CACHE_DIR'],
  ['--experimental-provider-schema-cache-path <directory>', 'a cache that `cdktf get` uses']
]

/** The options of each command of cdktf that a command of the package starts. */
export const optionsOfCdktf = {
  deploy: [
    ...ofBoth,
    ['--outputs-file <file>', 'write the outputs to this file, as JSON'],
    ['--outputs-file-include-sensitive-outputs', 'write sensitive outputs to it, too'],
    ['--refresh-only', 'compare the state to the clouds, and change nothing']
  ],
  destroy: ofBoth
} as const satisfies Record<string, CdktfFlags>

/**
 * Adds the options of a command of cdktf to a command that starts it.
 *
 * @returns those that the command line has, as words for cdktf
 */
export function takeOptionsOfCdktf(program: Command, command: keyof typeof optionsOfCdktf): () => readonly string[] {
  const words: string[] = []
  // Neither command of cdktf has it; in an environment variable of cdktf it has the same effect.
  program.addOption(new Option('--hcl [value]').hideHelp())
  for (const [flags, does] of optionsOfCdktf[command]) {
    const option = new Option(flags, does).helpGroup('Options of cdktf:')
    program.addOption(option)
    program.on(`option:${option.name()}`, (value: string | null) => {
      words.push(typeof value === 'string' ? `${option.long}=${value}` : `${option.long}`)
    })
  }
  return () => words
}
