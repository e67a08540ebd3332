import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import type { Inquiry } from '../../probe/causes/inquiry.ts'
import { watchCauses } from '../../probe/inquiries/watch-causes.ts'
import type { Target } from '../../probe/target.ts'
import { target as gcpTarget, goodCollections, goodFirewalls, goodMetadata } from '../probe/causes/gcp/good-link.ts'
import { makeWorld, region } from '../probe/clouds/aws/configuration/moto-world.ts'
import { startGoogleApi } from '../standin/google-api/google-api.ts'
import { startBetween } from '../support/aws-api-between.ts'
import { runDoctor } from '../support/doctor.ts'
import { linkTo, onlyTcp } from '../support/evidence.ts'
import { startMoto } from '../support/moto.ts'
import { startResolver } from '../support/resolver.ts'
import { hasTool, toInstall } from '../support/tools.ts'
import { machine, median } from './probe/cpu.ts'

const Report = z.object({ cloud: z.object({ seconds: z.number() }) })
const delayMs = 300
const runs = 5
const links = 50
const hostsOfLink = 20

if (hasTool('moto')) {
  process.env.AWS_ACCESS_KEY_ID = 'bench'
  process.env.AWS_SECRET_ACCESS_KEY = 'bench'
  process.env.AWS_EC2_METADATA_DISABLED = 'true'
  console.log(`Calls against moto and a stand-in of Google's APIs on loopback. ${machine()}.\n`)
  console.log('| what | measured |\n|---|---:|')
  const moto = await startMoto()
  try {
    await measureDoctors(moto.url)
    await measureProbe(moto.url)
  } finally {
    await moto.stop()
  }
} else {
  console.error(toInstall('moto'))
  process.exitCode = 2
}

/** How long `doctor --cloud` takes if each call of a cloud takes a while: a host that does not resolve, so that packets take no time. */
async function measureDoctors(moto: string): Promise<void> {
  process.env.AWS_ENDPOINT_URL = moto
  const world = await makeWorld()
  const between = await startBetween(moto, delayMs)
  process.env.AWS_ENDPOINT_URL = between.url
  await measureDoctor('AWS', world.target, () => between.called.length)
  await between.stop()
  await using google = await startGoogleApi({
    world: { collections: goodCollections, firewalls: goodFirewalls, metadata: goodMetadata },
    delayMs
  })
  Object.assign(process.env, google.variables)
  await measureDoctor('Google Cloud', gcpTarget, () => google.calls.length)
  for (const name of Object.keys(google.variables)) delete process.env[name]
}

async function measureDoctor(cloud: string, target: Target, called: () => number): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'bench-causes-'))
  await using dns = await startResolver(() => ({ header: { rcode: 3 } }))
  const config = join(directory, 'config.json')
  await writeFile(
    config,
    JSON.stringify({
      targets: [target],
      resolvers: [{ name: 'vpc', address: dns.resolver.address, port: dns.resolver.port }],
      libcIntervalSeconds: 0
    })
  )
  const seconds: number[] = []
  const asking: number[] = []
  let calls = 0
  for (let run = 0; run < runs; run += 1) {
    const before = called()
    const start = performance.now()
    const { stdout } = await runDoctor('--config', config, '--cloud', '--json')
    seconds.push((performance.now() - start) / 1000)
    calls = called() - before
    asking.push(Report.parse(JSON.parse(stdout)).cloud.seconds)
  }
  await rm(directory, { recursive: true, force: true })
  console.log(`| \`doctor --cloud\` on ${cloud}: calls of a link | ${calls} |`)
  console.log(
    `| \`doctor --cloud\` on ${cloud}: asking, every call at ${delayMs} ms | ${median(asking).toFixed(1)} s, at most ${Math.max(...asking).toFixed(1)} s |`
  )
  console.log(
    `| \`doctor --cloud\` on ${cloud}: whole run, every call at ${delayMs} ms | ${median(seconds).toFixed(1)} s, at most ${Math.max(...seconds).toFixed(1)} s |`
  )
}

/** What the probe spends while all hosts of some links fail: it is told of each one's verdict every ten seconds. */
async function measureProbe(moto: string): Promise<void> {
  process.env.AWS_ENDPOINT_URL = moto
  const targets: Target[] = []
  for (let link = 0; link < links; link += 1) {
    const { target } = await makeWorld()
    for (let index = 0; index < hostsOfLink; index += 1) {
      targets.push({
        ...target,
        region,
        name: `bench/link-${link}/in01-${index}`,
        host: `in01-${link}-${index}.${domainOf(target.host)}`
      })
    }
  }
  const between = await startBetween(moto)
  process.env.AWS_ENDPOINT_URL = between.url
  const inquiries: Inquiry[] = []
  const confirmed = new Set<string>()
  const bugs: unknown[] = []
  const watch = watchCauses({
    onInquiry: (target, _, inquiry) => {
      confirmed.add(target)
      inquiries.push(inquiry)
    },
    onClientsMissing: error => bugs.push(error),
    onBug: bug => bugs.push(bug)
  })
  const evidences = targets.map(target => linkTo(target).alike(onlyTcp({ kind: 'timeout' })))
  const before = process.cpuUsage()
  const start = performance.now()
  let firstMinute = 0
  while (performance.now() - start < 120_000) {
    for (const evidence of evidences) watch.consider(evidence, 'no-answer-to-syn', false)
    await sleep(10_000)
    if (firstMinute === 0 && performance.now() - start >= 60_000) firstMinute = confirmed.size
  }
  const minutes = (performance.now() - start) / 60_000
  const { user, system } = process.cpuUsage(before)
  await watch.close()
  await between.stop()
  if (bugs.length > 0) throw bugs[0]
  const share = (user + system) / 1e6 / (minutes * 60)
  const throttled = inquiries.filter(({ causes }) => causes.some(({ text }) => text.includes('throttled'))).length
  const what = `${targets.length} failing hosts of ${links} links`
  console.log(`| ${what}: calls | ${Math.round(between.called.length / minutes)} a minute |`)
  console.log(`| ${what}: hosts with an answer after one minute, and after two | ${firstMinute}, ${confirmed.size} |`)
  console.log(
    `| ${what}: answers, and those in which a call waited too long for its turn | ${inquiries.length}, ${throttled} |`
  )
  console.log(`| ${what}: share of one core, with the proxy of the bench | ${(share * 100).toFixed(1)} % |`)
}

function domainOf(host: string): string {
  return host.slice(host.indexOf('.') + 1)
}
