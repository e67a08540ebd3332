import { execFile, spawn } from 'node:child_process'
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { promisify } from 'node:util'

const execute = promisify(execFile)

/** A network namespace: a host of its own, as far as the network is concerned. */
export interface Namespace {
  readonly name: string
}

/** Every namespace of a lab begins so, with the process that made it: one that died can be cleaned up after. */
const prefix = 'zpl'

/** A command that fails or takes longer than ten seconds is a fault of the lab. */
export async function run(program: string, ...words: readonly string[]): Promise<string> {
  const { stdout } = await execute(program, words, { timeout: 10_000 })
  return stdout
}

/** Makes a namespace; everything in it goes with it. */
export async function makeNamespace(lab: string, role: string): Promise<Namespace> {
  const name = `${prefix}-${process.pid}-${lab}-${role}`
  await run('ip', 'netns', 'add', name)
  await run('ip', '-n', name, 'link', 'set', 'lo', 'up')
  return { name }
}

/** Ends a namespace and whatever still runs in it. */
export async function deleteNamespace({ name }: Namespace): Promise<void> {
  const pids = (await run('ip', 'netns', 'pids', name)).split('\n').filter(pid => pid !== '')
  for (const pid of pids) kill(Number(pid))
  await run('ip', 'netns', 'del', name)
  await rm(`/etc/netns/${name}`, { recursive: true, force: true })
}

/** Deletes what labs left whose process died before it could. */
export async function deleteOrphans(): Promise<void> {
  const names = await namesOfAll()
  const left = await readdir('/etc/netns').catch(() => [])
  const orphans = [...names, ...left].filter(
    name => name.startsWith(`${prefix}-`) && !isAlive(Number(name.split('-')[1]))
  )
  for (const name of new Set(orphans)) {
    if (names.includes(name)) await deleteOrphan(name)
    else await rm(`/etc/netns/${name}`, { recursive: true, force: true })
  }
}

/** Files of tests run at once, and find the same orphans: one that is gone by now, another file deleted. */
async function deleteOrphan(name: string): Promise<void> {
  try {
    await deleteNamespace({ name })
  } catch (error) {
    if ((await namesOfAll()).includes(name)) throw error
  }
}

async function namesOfAll(): Promise<readonly string[]> {
  return (await run('ip', 'netns', 'list')).split('\n').map(line => line.split(' ')[0] ?? '')
}

/**
 * What a program in a namespace finds in place of a file of /etc. Programs that run already see changes of the text,
 * not the first text: it must be there before they start.
 */
export async function writeEtc({ name }: Namespace, file: 'resolv.conf' | 'hosts', text: string): Promise<void> {
  await mkdir(`/etc/netns/${name}`, { recursive: true })
  await writeFile(`/etc/netns/${name}/${file}`, text)
}

/** Runs `ip` on a namespace. */
export const ip = ({ name }: Namespace, command: string) => run('ip', '-n', name, ...command.split(' '))

/**
 * Starts a program in a namespace. It ends with this process, however that ends.
 *
 * @param speaks how it is spoken to: over a channel of Node, by lines of its input, or not at all
 */
export function spawnIn({ name }: Namespace, command: readonly string[], speaks?: 'channel' | 'lines') {
  const inside = ['netns', 'exec', name, 'setpriv', '--pdeathsig', 'KILL', '--', ...command]
  const input = speaks === 'lines' ? 'pipe' : 'ignore'
  return spawn('ip', inside, { stdio: [input, 'pipe', 'pipe', ...(speaks === 'channel' ? ['ipc' as const] : [])] })
}

/** Replaces the packet filter of a namespace. Without rules everything passes. */
export async function setRules({ name }: Namespace, { input = [], output = [] }: Rules): Promise<void> {
  const chain = (hook: string, rules: readonly string[]) =>
    `chain ${hook} { type filter hook ${hook} priority 0; policy accept; ${rules.map(rule => `${rule}; `).join('')}};`
  const ruleset = `flush ruleset; table inet lab { ${chain('input', input)} ${chain('output', output)} }`
  await run('ip', 'netns', 'exec', name, 'nft', ruleset)
}

/** Rules of nftables, for what comes in and what goes out. */
export interface Rules {
  readonly input?: readonly string[]
  readonly output?: readonly string[]
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    // It ended by itself in between.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}
