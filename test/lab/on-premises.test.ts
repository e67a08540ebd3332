import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { runDoctorIn } from '../support/doctor.ts'
import { testWith } from '../support/test-with.ts'
import { startDnsmasq, startNamed, startUnbound } from './dns-server.ts'
import { type Lab, labTools, openLab } from './lab.ts'
import { ip } from './namespace.ts'
import { host, nobody, places, port, publicDns } from './state.ts'

const test = testWith(...labTools)
const page = await readFile('modules/guides/on-premises.md', 'utf8')
/** The addresses that the page has for those of an inbound endpoint. */
const inbound = /10\.20\.[01]\.11/g

/** A block of the page, with addresses of the lab. */
function configOf(language: string, address: string): string {
  const [, block = ''] = page.match(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'ms')) ?? []
  expect(block.match(inbound)).toHaveLength(2)
  return block.replaceAll(inbound, address)
}

/** The rest of what each server needs to be a resolver of a company: what it does not forward, it asks the public DNS. */
const servers = {
  named: (lab: Lab, resolver: string, config: string) =>
    startNamed(
      lab.client,
      `controls {};
       options { directory "@DIR@"; pid-file none; listen-on { ${resolver}; }; listen-on-v6 { none; }; allow-query { any; };
         dnssec-validation no; recursion yes; forwarders { ${publicDns}; }; };
       ${config}`,
      {}
    ),
  unbound: (lab: Lab, resolver: string, config: string) =>
    startUnbound(
      lab.client,
      `server:
         interface: ${resolver}
         do-ip6: no
         use-syslog: no
         username: ""
         chroot: ""
         directory: "@DIR@"
         pidfile: ""
         module-config: "iterator"
         private-address: 10.0.0.0/8
       forward-zone:
         name: "."
         forward-addr: ${publicDns}
${config}`
    ),
  dnsmasq: (lab: Lab, resolver: string, config: string) =>
    startDnsmasq(
      lab.client,
      `no-resolv\nno-hosts\nbind-interfaces\nlisten-address=${resolver}\nserver=${publicDns}\nstop-dns-rebind\n${config}`
    )
} as const
const kinds = ['named', 'unbound', 'dnsmasq'] as const

const situations = [
  {
    says: 'that all is well',
    situation: 'has the configuration of the page',
    config: (kind: string) => configOf(kind, places.vpc),
    cases: ['healthy']
  },
  { says: 'that no zone answers', situation: 'forwards nothing', config: () => '', cases: ['zone-not-visible'] },
  {
    says: 'that the resolver fails',
    situation: 'does not reach the inbound address',
    config: (kind: string) => configOf(kind, nobody),
    cases: ['resolver-fails', 'resolver-silent']
  }
] as const
const all = situations.flatMap((each, row) =>
  kinds.map((kind, column) => ({ ...each, kind, resolver: `127.0.${row + 1}.${column + 1}` }))
)

describe('through a resolver on premises, doctor says', () => {
  let lab: Lab | undefined
  let directory = ''
  const open = () => {
    if (lab === undefined) throw new Error('the lab is not open')
    return lab
  }
  async function seenThrough(resolver: string, kind: (typeof kinds)[number], config: string) {
    await using _server = await servers[kind](open(), resolver, config)
    const words = [`https://${host}:${port}`, '--ca', join(directory, 'ca.pem'), '--resolver', resolver, '--json']
    const { stdout } = await runDoctorIn(open().client.name, ...words)
    const { case: found, findings } = JSON.parse(stdout)
    return { case: found, findings: findings.map(({ id }: { readonly id: string }) => id) }
  }

  beforeAll(async () => {
    lab = await openLab()
    for (const { resolver } of all) await ip(lab.client, `addr add ${resolver}/32 dev lo`)
    directory = await mkdtemp(join(tmpdir(), 'on-premises-'))
    await writeFile(join(directory, 'ca.pem'), lab.ca)
  }, 60_000)
  afterAll(async () => {
    await lab?.[Symbol.asyncDispose]()
    await rm(directory, { recursive: true, force: true })
  }, 60_000)

  // Side by side, because a check waits for ten seconds before it is sure.
  test.for(all)(
    '$says, if $kind $situation',
    { concurrent: true },
    async ({ resolver, kind, config, cases }, { expect }) => {
      const seen = await seenThrough(resolver, kind, config(kind))
      expect(cases).toContain(seen.case)
      expect(seen.findings).toEqual([])
    }
  )
})
