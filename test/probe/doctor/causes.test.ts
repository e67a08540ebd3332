import { stripVTControlCharacters } from 'node:util'
import { describe, expect, test } from 'vitest'
import { diagnose } from '../../../probe/cases/diagnose.ts'
import { notKnown } from '../../../probe/causes/cause.ts'
import type { JudgedCause } from '../../../probe/causes/inquiry.ts'
import type { Consultation } from '../../../probe/doctor/consult.ts'
import { reportJson } from '../../../probe/doctor/json.ts'
import { printedReport } from '../../../probe/doctor/print.ts'
import { stepsForVerdict } from '../../../probe/words/remedy.ts'
import { alike, awsTarget, evidence, onlyTcp } from '../../support/evidence.ts'

const silent = alike(onlyTcp({ kind: 'timeout' }))
const report = { evidence: silent, diagnosis: diagnose(silent), heldBy: [], seconds: 1 }
const well = { ...report, evidence: evidence(), diagnosis: diagnose(evidence()) }

const isAvailable: JudgedCause = {
  id: 'endpoint-not-available',
  title: 'the endpoint is not available',
  isCandidate: true,
  ruling: 'ruled-out',
  text: 'endpoint vpce-0ce90d01341533a5c is available'
}
const isDenied: JudgedCause = {
  id: 'subnet-acl-restriction',
  code: 'SUBNET_ACL_RESTRICTION',
  title: 'a network ACL drops the packets or the answers',
  isCandidate: true,
  ruling: 'not-known',
  text: 'ec2:DescribeNetworkAcls was denied'
}
const closed: JudgedCause = {
  id: 'a-cause-of-no-cloud',
  title: "the endpoint's security groups do not let the client in",
  isCandidate: true,
  ruling: 'confirmed',
  text: 'security group sg-0a1b2c3d4e5f60718 has no inbound rule for TCP 19531 from 10.20.0.10',
  about: ['sg-0a1b2c3d4e5f60718']
}
const aboutToBreak: JudgedCause = { ...closed, isCandidate: false }

const asked = (...causes: readonly JudgedCause[]): NonNullable<Consultation['inquiry']> => ({
  at: 1_800_000_000,
  seconds: 1,
  elsewhere: notKnown('no metadata service of a cloud answers on this machine'),
  causes
})
const printed = (consultation: Consultation) => stripVTControlCharacters(printedReport(consultation, 96))

describe('the doctor, after asking the cloud,', () => {
  test('says the confirmed cause in place of what packets tell', () => {
    const text = printed({ ...report, inquiry: asked(isAvailable, closed, isDenied) })
    expect(text).toContain(
      [
        '✘ Failing: "Connection timed out" (case no-answer-to-syn)',
        '  Cause: Security group sg-0a1b2c3d4e5f60718 has no inbound rule for TCP 19531 from 10.20.0.10.',
        '  (a-cause-of-no-cloud)',
        ''
      ].join('\n')
    )
    expect(text).not.toContain('Several causes look the same')
  })

  test('marks every candidate as confirmed, ruled out or not known, with its proof or reason', () => {
    expect(printed({ ...report, inquiry: asked(isAvailable, closed, isDenied) })).toContain(
      [
        'Causes checked in the configuration of AWS',
        '  ✔ ruled out: the endpoint is not available (endpoint-not-available)',
        '    endpoint vpce-0ce90d01341533a5c is available',
        "  ✘ confirmed: the endpoint's security groups do not let the client in (a-cause-of-no-cloud)",
        '    security group sg-0a1b2c3d4e5f60718 has no inbound rule for TCP 19531 from 10.20.0.10',
        '  ? not known: a network ACL drops the packets or the answers (subnet-acl-restriction,',
        '    SUBNET_ACL_RESTRICTION)',
        '    ec2:DescribeNetworkAcls was denied'
      ].join('\n')
    )
  })

  test('keeps what packets tell, and its steps, where no cause is confirmed', () => {
    const text = printed({ ...report, inquiry: asked(isAvailable, isDenied) })
    expect(text).toContain('Several causes look the same to packets.')
    expect(text).toContain('2. The endpoint')
  })

  test('lists what is wrong in the configuration of a link that works', () => {
    const text = printed({ ...well, inquiry: asked(aboutToBreak) })
    expect(text).toContain('✔ Healthy (case healthy)')
    expect(text).toContain("Also wrong in the configuration of AWS\n  ✘ confirmed: the endpoint's security groups")
    expect(text).not.toContain('Causes checked in the configuration of AWS')
  })

  test('says that it read nothing wrong', () => {
    expect(printed({ ...well, inquiry: asked() })).toContain('No fault was found in the configuration of AWS.')
  })

  test('has all of it as data', () => {
    const json = JSON.parse(reportJson({ ...report, inquiry: asked(isAvailable, closed, isDenied) }))
    expect(json.cause).toMatchObject({ id: closed.id, proof: closed.text, about: closed.about })
    expect(json.cloud).toEqual({ at: 1_800_000_000, seconds: 1, causes: [isAvailable, closed, isDenied] })
    const without = JSON.parse(reportJson({ ...report, inquiry: asked(isAvailable) }))
    expect(without).not.toHaveProperty('cause')
    expect(JSON.parse(reportJson(report))).not.toHaveProperty('cloud')
  })

  test('says with which command its clients are installed', () => {
    const notAsked = 'npm packages are missing. Run: npm install a-client'
    const text = printed({ ...report, notAsked })
    expect(text).toContain(`AWS was not asked: ${notAsked}`)
    // The command is whole, however narrow the terminal.
    expect(stripVTControlCharacters(printedReport({ ...report, notAsked }, 60)).split('\n')).toContainEqual(
      expect.stringMatching(/npm install a-client$/)
    )
    expect(JSON.parse(reportJson({ ...report, notAsked })).cloud).toEqual({ notAsked })
  })
})

describe('the doctor on a machine outside the network of the link', () => {
  const elsewhere = {
    ruling: 'confirmed',
    text: 'this machine is in vpc-b, and the link is in vpc-a',
    about: []
  } as const
  const outside: Consultation = { ...report, inquiry: { elsewhere, causes: [] } }

  test('says so before anything else of its verdict, and that it judges from here', () => {
    const text = printed(outside)
    const [before = '', after = ''] = text.split('✘ Failing: "Connection timed out"')
    expect(before.replaceAll('\n  ', ' ')).toContain(
      '! This verdict is for this machine only: this machine is in vpc-b, and the link is in vpc-a. Clients in the network of the link may get another result.'
    )
    expect(after).toContain('1. Run this check on a machine in the network of the link.')
  })

  test('proposes to change nothing in that network, whatever its cause', () => {
    const inquiry = { elsewhere, causes: [closed] }
    expect(stepsForVerdict(report.diagnosis.case, awsTarget, inquiry).flatMap(({ run }) => run ?? [])).toEqual([])
  })

  test('is silent about it where the link works', () => {
    expect(printed({ ...well, inquiry: { elsewhere, causes: [] } })).not.toContain('for this machine only')
  })

  test('says that it is not known, and why, only if the cloud was asked', () => {
    const unknown = notKnown('no network interface of VPC vpc-a has the address 172.17.0.2 of this machine')
    const text = printed({ ...report, inquiry: { ...asked(closed), elsewhere: unknown } }).replaceAll('\n  ', ' ')
    expect(text).toContain(
      '! It is not known whether this machine is in the network of the link: no network interface of VPC vpc-a has the address 172.17.0.2 of this machine. The verdict below is for this machine only.'
    )
    expect(printed({ ...report, inquiry: { elsewhere: unknown, causes: [] } })).not.toContain('It is not known')
  })
})
