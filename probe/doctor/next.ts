import { styleText } from 'node:util'
import type { ShellCommand } from '../clouds/shell.ts'
import { joinedWords, shell } from '../clouds/shell.ts'
import { cloudOf } from '../clouds.ts'
import { commandLine } from '../command/how-started.ts'
import { stateNow } from '../rounds/report.ts'
import { wrapped } from '../words/columns.ts'
import type { Consultation } from './consult.ts'

/** How this check was started, as far as it matters for the next. */
export interface StartedWith {
  readonly cloud?: true | undefined
  readonly watch?: true | undefined
  readonly idle?: string | true | undefined
  /** What was on the command line, without `--idle`. */
  readonly words: readonly string[]
}

/** A command to run next, and what it is for. */
interface Next {
  readonly why: string
  readonly run: ShellCommand
}

/**
 * The commands to run next, for a person to paste: the same check with another option, or in another place. `undefined` if there is nothing
 * more to check.
 */
export function printedNext(reports: readonly Consultation[], given: StartedWith, columns: number): string | undefined {
  const all = nextOf(reports, given)
  if (all.length === 0) return undefined
  return [
    styleText('bold', 'Next'),
    ...all.flatMap(({ why, run }) => [...wrapped(why, columns - 2, '  '), `    ${styleText('cyan', run)}`])
  ].join('\n')
}

function nextOf(reports: readonly Consultation[], given: StartedWith): readonly Next[] {
  const unwell = reports.filter(report => stateNow(report) !== 'healthy')
  const outside = unwell.filter(({ inquiry }) => inquiry?.elsewhere.ruling === 'confirmed')
  if (outside.length > 0) {
    const links = outside.map(({ evidence: { target } }) => shell`https://${target.host}:${target.port}`)
    return [
      {
        why: 'Run the check on a machine in the network of the link:',
        run: commandLine({ command: 'doctor', words: joinedWords(...links) }, { by: 'npx', scripts: {} })
      }
    ]
  }
  const again = (option: ShellCommand) =>
    commandLine({ command: 'doctor', words: joinedWords(option, ...given.words.map(word => shell`${word}`)) })
  if (unwell.length === 0 && !given.cloud) {
    return [
      {
        why: 'Read the configuration of the cloud for mistakes that do not stop the link yet:',
        run: again(shell`--cloud`)
      }
    ]
  }
  if (unwell.length === 0) {
    if (given.idle !== undefined || given.watch) return []
    return [
      { why: 'Test whether the network drops idle connections. This takes 15 minutes:', run: again(shell`--idle`) }
    ]
  }
  const candidates = given.cloud ? [] : unwell.map(candidatesOf).filter(({ count }) => count > 1)
  const [first, ...others] = candidates
  return [
    ...(first === undefined
      ? []
      : [
          {
            why:
              others.length === 0
                ? `Find the cause: with --cloud, doctor reads the configuration of ${first.title} and reports which of ${first.count} possible causes applies:`
                : 'Find the causes: with --cloud, doctor reads the configuration of the cloud and reports which of the possible causes apply:',
            run: again(shell`--cloud`)
          }
        ]),
    ...(given.watch
      ? []
      : [{ why: 'Repeat the check every 10 seconds while you fix the link:', run: again(shell`--watch`) }])
  ]
}

function candidatesOf({ diagnosis, evidence }: Consultation): { readonly title: string; readonly count: number } {
  const { title, configuration } = cloudOf(evidence.target.cloud)
  return { title, count: configuration.causes.filter(({ explains }) => explains.includes(diagnosis.case.id)).length }
}
