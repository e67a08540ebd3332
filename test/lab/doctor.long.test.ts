import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { runDoctorIn } from '../support/doctor.ts'
import { testWith } from '../support/test-with.ts'
import { type Fault, faults } from './faults.ts'
import { type Lab, labTools, openLab } from './lab.ts'
import { host, places, port } from './state.ts'

const test = testWith(...labTools)

/** What was printed, but for the moment and for how long things took. */
const untimed = (printed: string) =>
  printed.replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC/g, 'now').replaceAll(/\d[\d.]* m?s$/gm, 'a while')
const page = untimed(await readFile('probe/guides/diagnose.md', 'utf8'))

/** What an application developer does: runs one command on the applications' host, and knows nothing but the link. */
describe('the doctor, in a network with real DNS servers and packet filters, says', () => {
  let lab: Lab | undefined
  let directory = ''
  const open = () => {
    if (lab === undefined) throw new Error('the lab is not open')
    return lab
  }
  const withFault = async (name: Fault['name']) => {
    const fault = faults.find(each => each.name === name)
    if (fault === undefined) throw new Error(`the lab has no fault "${name}"`)
    const lab = open()
    await lab.heal()
    await lab.set(fault.set(lab.state, lab.identities))
  }
  const doctor = (...words: readonly string[]) =>
    runDoctorIn(open().client.name, `https://${host}:${port}`, '--ca', join(directory, 'ca.pem'), ...words)
  /** As it is where a public authority signed the certificate, and the package is installed. */
  const asPrinted = (stdout: string) =>
    stdout
      .trimEnd()
      .replaceAll(` --ca ${join(directory, 'ca.pem')}`, '')
      .replaceAll('npm run doctor --', 'npx zilliz-privatelink doctor')

  beforeAll(async () => {
    lab = await openLab()
    directory = await mkdtemp(join(tmpdir(), 'doctor-lab-'))
    await writeFile(join(directory, 'ca.pem'), lab.ca)
  }, 60_000)
  afterAll(async () => {
    await lab?.[Symbol.asyncDispose]()
    await rm(directory, { recursive: true, force: true })
  }, 60_000)

  test('that all is well', async () => {
    await open().heal()
    const { code, stdout } = await doctor()
    expect(stdout).toContain(`✔ system ${places.vpc}  ${places['zone-a']}, ${places['zone-b']} (TTL 60 s)`)
    expect(stdout).toContain('✔ Healthy (case healthy)')
    expect(code).toBe(0)
  })

  test('"Name or service not known" where the zone is not associated with the network', async () => {
    await withFault('the private zone is not associated with the network')
    const { code, stdout } = await doctor()
    expect(code).toBe(1)
    expect(stdout.replaceAll(/\n {3,}/g, ' ')).toContain(
      `✘ system ${places.vpc}  no such name (NXDOMAIN), from the public zone zillizcloud.com`
    )
    expect(stdout).toMatch(/✘ libc +Name or service not known/)
    expect(stdout).toContain('✘ Failing: "Name or service not known" (case zone-not-visible)')
    expect(stdout).toContain('aws route53 associate-vpc-with-hosted-zone')
    expect(page).toContain(untimed(asPrinted(stdout)))
  })

  test("a timeout where the endpoint's security group is closed", async () => {
    await withFault("the endpoint's security group lets nobody in, or it was not accepted")
    const { code, stdout } = await doctor()
    expect(code).toBe(1)
    expect(stdout).toContain(`✘ ${places['zone-a']}  no answer to SYN on port ${port}  10.0 s`)
    expect(stdout).toContain(`✘ ${places['zone-b']}  no answer to SYN on port ${port}  10.0 s`)
    expect(stdout).toContain('✘ Failing: "Connection timed out" (case no-answer-to-syn)')
    expect(stdout.replaceAll(/\n {3,}/g, ' ')).toContain(
      "2. The endpoint's security group does not allow inbound traffic from the clients. → Allow TCP 19531 from the clients. The next deploy does not know this rule."
    )
    expect(page).toContain(untimed(asPrinted(stdout)))
  })

  test('in time that the resolver is silent, though a lookup of libc goes on', async () => {
    await withFault('queries to the resolver are dropped')
    const lab = open()
    const etc = { ...lab.state.etc, 'resolv.conf': `nameserver ${places.vpc}\noptions timeout:30\n` }
    await lab.set({ ...lab.state, etc })
    const { code, stdout } = await doctor()
    expect(code).toBe(1)
    expect(stdout).toMatch(/✘ libc +no answer yet {2}10\.5 s/)
    expect(stdout).toContain('✘ Failing: "Temporary failure in name resolution" (case resolver-silent)')
  }, 60_000)
})
