import { setTimeout as sleep } from 'node:timers/promises'
import { shippedPace, startMonitoring } from '../dashboards/monitoring.ts'
import { faults } from '../lab/faults.ts'
import { labTools, openLab } from '../lab/lab.ts'
import { hasTool, type Tool, toInstall } from '../support/tools.ts'
import { machine, median } from './probe/cpu.ts'

/**
 * How long it takes from a fault to what Alertmanager sends, with every duration as it is shipped. Each run begins at another
 * moment of the intervals of probe, scrape and evaluation, which add up.
 */
const runs = 4
const goalSeconds = { median: 35, most: 50 }
const watched = [
  'the private zone is not associated with the network',
  "the endpoint's security group lets nobody in, or it was not accepted",
  'the zone is not associated, and the public DNS knows the host',
  'one availability zone is dead'
]

const needed: readonly Tool[] = [...labTools, 'prometheus', 'alertmanager']
const missing = needed.filter(tool => !hasTool(tool))
if (missing.length > 0) {
  for (const tool of missing) console.error(toInstall(tool))
  process.exitCode = 2
} else {
  console.log(`${runs} runs of each fault, with the shipped settings. ${machine()}.\n`)
  console.log(
    `| fault | alert | median (goal: ${goalSeconds.median} s) | most (goal: ${goalSeconds.most} s) |\n|---|---|---:|---:|`
  )
  await using lab = await openLab()
  for (const name of watched) {
    const fault = faults.find(each => each.name === name)
    if (fault === undefined) throw new Error(`the lab has no fault "${name}"`)
    const took: number[] = []
    let alert = ''
    for (let run = 0; run < runs; run++) {
      await using monitoring = await startMonitoring(
        lab.client,
        { targets: [lab.state.target], ca: lab.ca },
        shippedPace
      )
      // Prometheus must have seen it healthy; then a part of ten seconds, another in each run.
      await sleep(15_000 + (run * 10_000) / runs)
      const start = Date.now()
      await lab.set(fault.set(lab.state, lab.identities))
      while (monitoring.notifications.length === 0) {
        if (Date.now() - start > 180_000) throw new Error(`nobody is woken by "${name}"`)
        await sleep(50)
      }
      const [told] = monitoring.notifications
      took.push(((told?.at ?? 0) - start) / 1000)
      alert = told?.body.alerts[0]?.labels.alertname ?? ''
      await lab.heal()
    }
    const seconds = (value: number) => `${value.toFixed(0)} s`
    console.log(`| ${name} | ${alert} | ${seconds(median(took))} | ${seconds(Math.max(...took))} |`)
  }
}
