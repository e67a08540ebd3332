import { setTimeout } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import type { RecentRound } from '../cases/evidence.ts'
import { remember } from '../cases/recent.ts'
import { createCommand, runCommand } from '../command/command.ts'
import { exitStatusHelp } from '../command/exit-status.ts'
import { endWhenUnread } from '../command/unread-output.ts'
import { WrongUse } from '../command/wrong-use.ts'
import { createInquirers } from '../inquiries/inquirers.ts'
import { readOwnPod } from '../inquiries/own-pod.ts'
import { findOwnMachine } from '../inquiries/whereabouts.ts'
import type { Watch } from '../rounds/watch.ts'
import type { Target } from '../target.ts'
import { columnsOf } from '../words/columns.ts'
import { type Consultation, consult, exitCodeOfReports, exitCodeOfState } from './consult.ts'
import { holdIdle, printedIdle, readIdleOption, withoutIdleOption } from './idle.ts'
import { reportJson } from './json.ts'
import { printedNext } from './next.ts'
import { printedAgain, printedReport } from './print.ts'
import { type WatchOptions, watchesFor } from './watches.ts'

interface Options extends WatchOptions {
  readonly json?: true
  readonly watch?: true
  readonly cloud?: true
  readonly idle?: string | true
}

const watchIntervalMs = 10_000

const program = createCommand('doctor')
  .usage('[options] <private links...>')
  .description('Checks a private link to Zilliz Cloud. Prints what is wrong, what to do, and the evidence.')
  .argument(
    '[private links...]',
    'as Zilliz Cloud prints it: https://in01-….aws-us-west-2.vectordb.zillizcloud.com:19531'
  )
  .option('--config <file>', 'check the targets of this config of the probe instead; commands have their ids')
  .option('--outputs <file>', 'check the targets in this file instead, written by `cdktf deploy --outputs-file`')
  .option('--environment <name>', 'the environment in the file of --outputs')
  .option('--target <name>', 'check only the target of this name, or of this private link')
  .option(
    '--resolver <address[:port]>',
    'query this resolver instead of those in /etc/resolv.conf; repeatable',
    (each: string, others: string[]) => [...others, each],
    []
  )
  .option('--ca <file>', 'also trust the certificate authorities in this file (PEM)')
  .option(
    '--cloud',
    'also read the configuration of the cloud, with the credentials of this machine, and report the cause'
  )
  .option(
    '--idle [longest]',
    'then also hold idle connections, and report after how long a silence the network drops them; takes 15 minutes, or as long as the longest silence in seconds or minutes: 360, 360s or 6m'
  )
  .option('--json', 'print one JSON object for each round of each target')
  .option('--watch', 'repeat the check every 10 seconds, until Ctrl-C')
  .option('--allow-loopback', 'also connect to loopback addresses, for tests and the demo')
  .addHelpText(
    'after',
    exitStatusHelp({ success: 'healthy', failure: 'degraded or failing', noResult: 'unknown or invalid arguments' })
  )
  .action(async (links: readonly string[], options: Options) => {
    const idle = options.idle === undefined ? undefined : readIdleOption(options.idle, links)
    if (idle !== undefined && options.watch) {
      throw new WrongUse('--idle and --watch: both are given. Give one of them.')
    }
    process.exitCode = await run(await watchesFor(idle?.links ?? links, options), options, idle?.times)
  })

endWhenUnread('doctor')
void runCommand(program)

/** Checks all targets, once or until a signal. */
async function run(watches: readonly Watch[], options: Options, idleTimes?: readonly number[]): Promise<number> {
  const over = new AbortController()
  // Not once: npm sends on a Ctrl-C that the terminal has sent already.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => over.abort())
  const last = new Map<Target, Consultation>()
  const recent = new Map<Target, readonly RecentRound[]>()
  let isNextPrinted = false
  const inquirers = options.cloud === undefined ? undefined : createInquirers(over.signal)
  try {
    const [machine, pod] = await Promise.all([findOwnMachine(over.signal), readOwnPod(process.env)])
    for (;;) {
      const start = performance.now()
      for (const watch of watches) {
        const before = recent.get(watch.target) ?? []
        const report = await consult({ ...watch, pod, recent: before }, over.signal, { machine, inquirers })
        if (report.heldBy.length === 0) recent.set(watch.target, remember(before, report.evidence))
        // With what becomes of idle connections, an object is printed once that is known.
        if (idleTimes === undefined || !options.json) console.log(shown(report, last.get(watch.target), options))
        last.set(watch.target, report)
      }
      if (!isNextPrinted && idleTimes === undefined) isNextPrinted = printNext(last.values(), options)
      if (options.watch === undefined) break
      const left = Math.max(0, watchIntervalMs - (performance.now() - start))
      await setTimeout(left, undefined, { signal: over.signal })
    }
    if (idleTimes !== undefined) {
      await runIdle(watches, last, { options, times: idleTimes, signal: over.signal })
      printNext(last.values(), options)
    }
  } catch (error) {
    if (!over.signal.aborted) throw error
  } finally {
    await Promise.all(watches.map(({ patience }) => patience?.close()))
  }
  return last.size < watches.length ? exitCodeOfState.unknown : exitCodeOfReports(last.values())
}

/** Prints what to run next, once for all targets. */
function printNext(reports: Iterable<Consultation>, options: Options): true {
  if (!options.json) {
    const words = withoutIdleOption(process.argv.slice(2))
    const next = printedNext([...reports], { ...options, words }, columnsOf(process.stdout))
    if (next !== undefined) console.log(`${next}\n`)
  }
  return true
}

/** Holds idle connections to what was checked. What comes of them changes no state. */
async function runIdle(
  watches: readonly Watch[],
  reports: ReadonlyMap<Target, Consultation>,
  {
    options,
    times,
    signal
  }: { readonly options: Options; readonly times: readonly number[]; readonly signal: AbortSignal }
): Promise<void> {
  const checked = watches.flatMap(watch => {
    const report = reports.get(watch.target)
    return report === undefined ? [] : [{ watch, report }]
  })
  const held = await holdIdle(checked, times, { signal, say: line => console.error(line) })
  for (const [index, { watch, report }] of checked.entries()) {
    const idle = held[index]
    if (idle === undefined) continue
    console.log(
      options.json ? reportJson(report, idle) : `${printedIdle(watch.target, idle, columnsOf(process.stdout))}\n`
    )
  }
}

function shown(now: Consultation, before: Consultation | undefined, options: Options): string {
  if (options.json) return reportJson(now)
  const columns = columnsOf(process.stdout)
  if (before === undefined) return `${printedReport(now, columns)}\n`
  return isDeepStrictEqual(outcome(now), outcome(before))
    ? printedAgain(now, columns)
    : `\n${printedReport(now, columns)}\n`
}

function outcome({ diagnosis, heldBy, inquiry }: Consultation) {
  const causes = (inquiry?.causes ?? []).map(({ id, ruling }) => [id, ruling])
  return [diagnosis.case.id, diagnosis.findings.map(({ finding, about }) => [finding.id, about]), heldBy, causes]
}
