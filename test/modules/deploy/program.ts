import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { execa } from 'execa'
import { expect, onTestFinished } from 'vitest'
import { z } from 'zod'
import { reattachEnvironment } from '../../standin/reattach.ts'
import type { ZillizCloud } from '../../standin/zilliz/zilliz-cloud.ts'
import { startZillizApi } from '../../support/zilliz-api.ts'
import { awsLink } from '../literals.ts'
import { awsHost, awsWorld, zillizProject as projectId, zillizWorld } from '../world.ts'

export const cluster = 'in01-840ec44485bf25d'
const { serviceName: _service, hosts: _hosts, ...aws } = awsLink

/** A link whose endpoint is registered and whose hosts are read by the API of Zilliz Cloud. */
export const byApi = { ...aws, zilliz: { projectId, clusters: [cluster] } }

const patience = { timeout: 90_000, interval: 50 }

/** The environment `test` with one link, whose state is in `state/test.tfstate`. */
export const testEnvironment = (link: object) => ({
  name: 'test',
  backend: { type: 'local', path: 'state/test.tfstate' },
  links: { search: link }
})

/** A copy of the program with one environment, `test`, which real cdktn and Terraform deploy into stand-ins. */
export async function program(link: object) {
  const directory = await mkdtemp(join(tmpdir(), 'program-'))
  onTestFinished(() => rm(directory, { recursive: true, force: true }))
  for (const part of ['modules', 'probe', 'main.ts', 'cdktf.json', 'package.json']) {
    await cp(part, join(directory, part), { recursive: true })
  }
  await symlink(resolve('node_modules'), join(directory, 'node_modules'))
  const write = (link: object, before = '') =>
    writeFile(
      join(directory, 'modules/environments.ts'),
      `${before}\nexport const environments = [${JSON.stringify(testEnvironment(link))}]\n`
    )
  await write(link)
  const standIns = await standInsFor(directory)
  const { env } = standIns
  const run = async (words: readonly string[], key = env.ZILLIZCLOUD_API_KEY) => {
    const { exitCode, stdout, stderr } = await execa(process.execPath, ['modules/deploy/deploy.ts', ...words], {
      cwd: directory,
      env: { ...env, ZILLIZCLOUD_API_KEY: key },
      reject: false,
      timeout: 200_000
    })
    return { exitCode, told: reportedBy(`${stdout}\n${stderr}`), key: env.ZILLIZCLOUD_API_KEY }
  }
  const deploy = (...flags: readonly string[]) => run(['test', '--auto-approve', '--skip-provider-lock', ...flags])
  return { ...standIns, directory, run, deploy, write }
}

/** Clouds for a program in a directory that deploys the environment `test`, and what is known of it from outside. */
export async function standInsFor(directory: string) {
  await mkdir(join(directory, 'state'))
  const clouds = { aws: awsWorld(), zilliz: zillizWorld() }
  const gate = makeGate()
  onTestFinished(gate.open)
  const { variables, close } = await reattachEnvironment(clouds, gate.hold)
  onTestFinished(close)
  const api = await startZillizApi({ world: worldOf(clouds.zilliz) })
  onTestFinished(() => api[Symbol.asyncDispose]())
  return {
    ...clouds,
    gate,
    asked: api.asked,
    env: {
      ...variables,
      GOMAXPROCS: '1',
      ZILLIZCLOUD_API_KEY: api.key,
      ZILLIZCLOUD_HOST_ADDRESS: api.address,
      CI: 'true'
    },
    /** The resources in the state, by type. */
    inState: () => typesIn(join(directory, 'state/test.tfstate')),
    /** Waits until nothing runs in it any more. */
    isLeft: () => expect.poll(() => processesIn(directory), patience).toEqual([]),
    /** Sends a signal to the one process in it whose command line is so. */
    kill: async (commandLine: RegExp, signal: NodeJS.Signals) => {
      const pids = () => processesIn(directory).flatMap(({ pid, command }) => (commandLine.test(command) ? [pid] : []))
      await expect.poll(pids, patience).toHaveLength(1)
      for (const pid of pids()) process.kill(pid, signal)
    },
    /** Whether Terraform has the state locked. */
    isLocked: () => readdirSync(join(directory, 'state')).some(name => name.endsWith('.lock.info'))
  }
}

/** What was printed, as one line: Terraform breaks its lines for a terminal, in a frame. */
export function reportedBy(printed: string): string {
  return stripVTControlCharacters(printed).replaceAll(/[\s│]+/g, ' ')
}

/** Holds up what Terraform applies, from the moment that it is shut until it is opened. */
function makeGate() {
  const gates: PromiseWithResolvers<void>[] = []
  let isShut = false
  return {
    shut: () => {
      isShut = true
    },
    open: () => {
      isShut = false
      for (const { resolve } of gates) resolve()
    },
    hold: (call: string) => {
      if (!isShut || call !== 'ApplyResourceChange') return undefined
      const gate = Promise.withResolvers<void>()
      gates.push(gate)
      return gate.promise
    },
    /** Waits until something stands before it. */
    isReached: () => expect.poll(() => gates.length, patience).toBeGreaterThan(0)
  }
}

const State = z.object({
  resources: z.array(z.object({ mode: z.string(), type: z.string(), instances: z.array(z.unknown()) }))
})

function typesIn(stateFile: string): readonly string[] {
  if (!existsSync(stateFile)) return []
  const { resources } = State.parse(JSON.parse(readFileSync(stateFile, 'utf8')))
  return resources.flatMap(({ mode, type, instances }) => (mode === 'managed' && instances.length > 0 ? [type] : []))
}

/** A process. */
interface Running {
  readonly pid: number
  readonly command: string
}

/** The programs that run in a directory. */
export function processesIn(directory: string): readonly Running[] {
  return readdirSync('/proc').flatMap(pid => {
    try {
      if (!/^\d+$/.test(pid) || !readlinkSync(`/proc/${pid}/cwd`).startsWith(directory)) return []
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()
      return command === '' ? [] : [{ pid: Number(pid), command }]
    } catch {
      return []
    }
  })
}

/** What the REST API tells of the cloud that the Terraform provider's stand-in has, as it is when it is asked. */
function worldOf(zilliz: ZillizCloud) {
  return {
    get endpoints() {
      return { [projectId]: zilliz.endpoints.map(({ endpointId, regionId }) => ({ endpointId, regionId })) }
    },
    get clusters() {
      const isThere = zilliz.allocation === 'done' && zilliz.endpoints.length > 0
      const privateLinkAddress = isThere ? `https://${awsHost}:19531` : ''
      return [{ clusterId: cluster, projectId, regionId: 'aws-us-west-2', status: 'RUNNING', privateLinkAddress }]
    }
  }
}
