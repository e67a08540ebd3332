import { expect, test } from 'vitest'
import { synthesize } from '../support/synthesize.ts'
import { awsLink, awsProbe, gcpLink, gcpProbe } from './literals.ts'

/** What a person finds in a cloud's console without knowing this project, and the argument that says what it is for. */
const described: Readonly<Record<string, string>> = {
  aws_security_group: 'description',
  aws_vpc_security_group_ingress_rule: 'description',
  aws_vpc_security_group_egress_rule: 'description',
  aws_route53_zone: 'comment',
  aws_iam_role: 'description',
  aws_service_discovery_private_dns_namespace: 'description',
  google_compute_firewall: 'description',
  google_compute_instance_group_manager: 'description',
  google_compute_instance_template: 'description',
  google_dns_managed_zone: 'description',
  google_service_account: 'display_name'
}

test('every rule, group and zone says what it is for', async () => {
  const literal = {
    name: 'test',
    backend: { type: 'local' },
    links: {
      search: {
        ...awsLink,
        zone: 'switch-to-per-host',
        stagingVpcId: 'vpc-0a1b2c3d4e5f607ff',
        sources: ['10.20.0.0/16', 'fd00:20::/32', 'sg-0a1b2c3d4e5f60718', 'pl-0a1b2c3d4e5f60718'],
        clientSecurityGroupIds: ['sg-0a1b2c3d4e5f60718'],
        probe: awsProbe
      },
      papers: { ...gcpLink, zone: 'switch-to-per-host', iapSshTargetTags: ['test-vm'], probe: gcpProbe }
    }
  }
  const { resource } = JSON.parse(await synthesize(literal))
  for (const [type, argument] of Object.entries(described)) {
    const made = Object.entries<Record<string, unknown>>(resource[type] ?? {})
    expect(made, type).not.toEqual([])
    for (const [id, config] of made) expect(config[argument], `${type}.${id}`).toEqual(expect.stringMatching(/\w/))
  }
})
