import { consult, exitCodeOfReports } from '../../probe/doctor/consult.ts'
import { printedReport } from '../../probe/doctor/print.ts'
import { trustIn } from '../../probe/observers/trust.ts'
import { defaultBudget } from '../../probe/rounds/budget.ts'
import { columnsOf } from '../../probe/words/columns.ts'
import type { DemoNetwork } from './network.ts'

/** Looks at every host once, prints what doctor prints, and gives the code that it would end with. */
export async function lookOnce({ targets, resolver, ca, begin }: DemoNetwork, signal: AbortSignal): Promise<number> {
  const trust = trustIn(ca)
  const reports = []
  for (const target of targets) {
    const watch = { target, resolvers: [resolver], trust, budget: defaultBudget, allowLoopback: true, begin }
    // This machine's own libc knows nothing of these names.
    const report = await consult({ ...watch, observeLibc: undefined }, signal)
    console.log(`${printedReport(report, columnsOf(process.stdout))}\n`)
    reports.push(report)
  }
  return exitCodeOfReports(reports)
}
