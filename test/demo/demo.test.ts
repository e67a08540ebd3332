import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { expect, onTestFinished, test } from 'vitest'
import { testWith } from '../support/test-with.ts'

const deadlineMs = 110_000

testWith('terraform')('the demo deploys both steps and prints what a user would see', async () => {
  const { stdout } = await execa('npm', ['run', '--silent', 'demo'], { timeout: deadlineMs })
  const inOrder = [
    'Step one: deploy dev without hosts, into stand-ins of AWS and Google Cloud: 7 added, 0 changed, 0 destroyed',
    'Your VPC Private Link ID  vpce-',
    'Your Endpoint                            zilliz-us-west1',
    'the zone vectordb.zillizcloud.com hides every other Zilliz Cloud name from vpc-',
    'is pendingAcceptance, not available; enter what the output "register" says',
    'Step two: Zilliz Cloud has accepted, deploy dev with its hosts: 4 added, 0 changed, 0 destroyed',
    'connection    available',
    'connection  ACCEPTED',
    'in01-840ec44485bf25d-privatelink.aws-us-west-2.vectordb.zillizcloud.com:19531 resolves to 10.20.1.'
  ]
  const places = inOrder.map(text => stdout.indexOf(text))
  expect(places).not.toContain(-1)
  expect(places).toEqual([...places].sort((a, b) => a - b))
  // In step two, Zilliz Cloud has accepted.
  expect(stdout.slice(stdout.indexOf('Step two'))).not.toContain('pendingAcceptance')
})

test('where Terraform is missing, the demo says what to install and shows the plan', async () => {
  const bin = mkdtempSync(join(tmpdir(), 'demo-path-'))
  onTestFinished(() => rmSync(bin, { recursive: true }))
  symlinkSync(process.execPath, join(bin, 'node'))
  const { stdout, stderr } = await execa('node', ['--disable-warning=DEP0044', 'test/demo/demo.ts'], {
    env: { PATH: bin },
    extendEnv: false,
    timeout: deadlineMs
  })
  expect(stderr).toContain(
    'terraform is not on the PATH; install Terraform 1.10 or later: https://developer.hashicorp.com/terraform/install'
  )
  const [one = '', two = ''] = stdout.split('Step two')
  expect(one).toContain('+ aws_vpc_endpoint.aws-us-west-2_endpoint_')
  expect(one).not.toContain('+ google_compute_firewall.')
  expect(two).toContain('+ google_compute_firewall.gcp-us-west1_egress_')
})
