import { expect, test } from 'vitest'
import { startDoctor } from '../../support/doctor.ts'
import { host } from '../../support/evidence.ts'
import { nxdomain, type Script, soa, startResolver } from '../../support/resolver.ts'

test('the doctor that watches says what changes, and ends on Ctrl-C with what it saw last', async () => {
  const zoneNotVisible: Script = () => nxdomain(soa('zillizcloud.com', 'ns-1.awsdns-01.org'))
  await using resolver = await startResolver(zoneNotVisible)
  const address = `127.0.0.1:${resolver.resolver.port}`
  const { child, ended } = startDoctor(`${host}:19531`, '--resolver', address, '--watch')
  let printed = ''
  child.stdout.setEncoding('utf8').on('data', text => {
    printed += text
  })
  await expect.poll(() => printed, { timeout: 15_000 }).toContain('"Name or service not known" (case zone-not-visible)')
  await expect
    .poll(() => printed.replaceAll(/\n {2,}/g, ' '), { timeout: 15_000 })
    .toContain('still failing: "Name or service not known" (case zone-not-visible)')
  child.kill('SIGINT')
  expect(await ended).toBe(1)
})
