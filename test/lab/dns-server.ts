import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Namespace, run, spawnIn } from './namespace.ts'

/** A zone and its records, as lines of a zone file with absolute names. */
export interface Zone {
  readonly name: string
  /** The primary name server of its SOA, by which private zones are told from public ones. */
  readonly primary: string
  readonly records: readonly string[]
}

/** A running server. */
export interface DnsServer extends AsyncDisposable {
  readonly process: ChildProcess
}

/** A zone in BIND's configuration, with its file beside it. */
export const zoneFile = ({ name, primary, records }: Zone): string =>
  [
    '$TTL 60',
    `${dotted(name)} 900 IN SOA ${primary}. hostmaster.example. 1 7200 900 1209600 86400`,
    // Not the primary: a resolver asks the zone's own name server once it knows it, and this one exists.
    `${dotted(name)} IN NS ns.lab.`,
    ...records,
    ''
  ].join('\n')

const dotted = (name: string) => (name === '.' ? '.' : `${name}.`)

/** Starts BIND with a configuration and the zone files that it names; resolves when it answers. */
export function startNamed(
  namespace: Namespace,
  config: string,
  files: Readonly<Record<string, string>>
): Promise<DnsServer> {
  return start(namespace, 'named', ['-g', '-n', '1', '-c'], config, files, / running$/m)
}

/** Starts Unbound with a configuration and the files that it names; resolves when it answers. */
export function startUnbound(
  namespace: Namespace,
  config: string,
  files: Readonly<Record<string, string>> = {}
): Promise<DnsServer> {
  return start(namespace, 'unbound', ['-d', '-c'], config, files, /start of service/)
}

/** Starts dnsmasq with a configuration; resolves when it answers. */
export function startDnsmasq(namespace: Namespace, config: string): Promise<DnsServer> {
  return start(namespace, 'dnsmasq', ['--keep-in-foreground', '--log-facility=-', '-C'], config, {}, /started/)
}

async function start(
  namespace: Namespace,
  program: string,
  options: readonly string[],
  config: string,
  files: Readonly<Record<string, string>>,
  ready: RegExp
): Promise<DnsServer> {
  const directory = await mkdtemp(join(tmpdir(), 'zpl-dns-'))
  for (const [name, text] of Object.entries({ ...files, config })) {
    await writeFile(join(directory, name), text.replaceAll('@DIR@', directory))
  }
  // A copy, because where AppArmor knows the original by its path, it may read nothing here.
  const copy = join(directory, program)
  await copyFile((await run('which', program)).trim(), copy)
  const child = spawnIn(namespace, [copy, ...options, join(directory, 'config')])
  const exit = once(child, 'exit')
  let log = ''
  const started = Promise.withResolvers<void>()
  child.stdout?.resume()
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    log += text
    if (ready.test(log)) started.resolve()
  })
  exit.then(() => started.reject(new Error(`a DNS server did not start:\n${log}`)))
  const late = setTimeout(() => started.reject(new Error(`a DNS server did not start in time:\n${log}`)), 10_000)
  const dispose = async () => {
    child.kill('SIGKILL')
    await exit
    await rm(directory, { recursive: true, force: true })
  }
  try {
    await started.promise
  } catch (error) {
    await dispose()
    throw error
  } finally {
    clearTimeout(late)
  }
  return { process: child, [Symbol.asyncDispose]: dispose }
}
