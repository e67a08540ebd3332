import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { App } from 'cdktf'
import type { EnvironmentLiteral } from '../../modules/environment/environment.ts'
import { readEnvironments } from '../../modules/environment/read-environments.ts'
import { EnvironmentStack } from '../../modules/environment/stack.ts'
import { prod } from '../../modules/environments/prod.ts'

const sizes = [1, 10, 50, 200]
const runs = 5

const rows = []
await synth(1) // The first run also loads and compiles.
for (const size of sizes) rows.push({ size, ms: await median(() => synth(size)) })

const [first] = rows
console.log('Synth of environments with a link on each cloud, in one process')
console.log('| environments | median of 5, ms | ms for each further one |')
console.log('|---:|---:|---:|')
for (const { size, ms } of rows) {
  const further = first === undefined || size === 1 ? '' : ((ms - first.ms) / (size - 1)).toFixed(1)
  console.log(`| ${size} | ${ms.toFixed(0)} | ${further} |`)
}

/** Environments of the size of `prod`, each in networks of its own. */
function environment(index: number): EnvironmentLiteral {
  const { 'aws-us-west-2': aws, 'gcp-us-west1': gcp } = prod.links
  const vpcId = `vpc-${index.toString(16).padStart(17, '0')}`
  return {
    ...prod,
    name: `env-${index}`,
    links: { 'aws-us-west-2': { ...aws, vpcId }, 'gcp-us-west1': { ...gcp, project: `search-prod-${index}` } }
  }
}

/** Milliseconds from the literals to the files that Terraform reads. */
async function synth(size: number): Promise<number> {
  const outdir = await mkdtemp(join(tmpdir(), 'bench-synth-'))
  try {
    const literals = Array.from({ length: size }, (_, index) => environment(index))
    const start = performance.now()
    const app = new App({ outdir })
    for (const environment of readEnvironments(literals)) await EnvironmentStack.addTo(app, environment)
    app.synth()
    return performance.now() - start
  } finally {
    await rm(outdir, { recursive: true })
  }
}

async function median(measure: () => Promise<number>): Promise<number> {
  const figures: number[] = []
  for (let run = 0; run < runs; run++) figures.push(await measure())
  return figures.sort((a, b) => a - b)[Math.floor(runs / 2)] ?? Number.NaN
}
