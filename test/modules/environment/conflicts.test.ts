import { expect, test } from 'vitest'
import { readEnvironments } from '../../../modules/environment/read-environments.ts'
import { MistakesError } from '../../../modules/mistakes.ts'
import { awsLink, gcpLink } from '../literals.ts'

function conflictsOf(...environments: readonly object[]): readonly string[] {
  try {
    readEnvironments(environments.map((environment, index) => ({ ...blank(['one', 'two'][index]), ...environment })))
  } catch (error) {
    if (error instanceof MistakesError) return error.mistakes
    throw error
  }
  return []
}

function blank(name: string | undefined) {
  return { name, backend: { type: 'local' }, links: {} }
}

const host = 'in01-840ec44485bf25d-privatelink.aws-us-west-2.vectordb.zillizcloud.com'
const gcpHost = 'in01-61e949d971f841b-privatelink.gcp-us-west1.vectordb.zillizcloud.com'
const oneHost = { ...awsLink, hosts: [`${host}:19531`] }
const spokes = { project: 'spoke-one-123', networks: ['projects/spoke-one-123/global/networks/spoke-0'] }
const elsewhere = { ...gcpLink, endpointPrefix: 'other' }

const { serviceName: _, subnetIds: __, ...awsRest } = oneHost
const toOthers = { ...awsRest, endpoint: { id: 'vpce-0a1b2c3d4e5f60718' } }
const { serviceAttachment: ___, subnetwork: ____, ...gcpRest } = gcpLink
const toOthersOnGoogle = { ...gcpRest, hosts: [], endpoint: { name: 'network-zilliz' } }
const zilliz = { projectId: 'proj-0a1b2c3d4e5f60718293a4' }

test('links of two networks share an endpoint of others, and its registration if one of them makes it', () => {
  const elsewhere = { ...toOthers, vpcId: 'vpc-0a1b2c3d4e5f60799', zilliz: { ...zilliz, registered: true } }
  expect(conflictsOf({ links: { search: { ...toOthers, zilliz }, papers: elsewhere } })).toEqual([])
  const onOther = { ...toOthersOnGoogle, endpointPrefix: 'other', network: 'other' }
  expect(conflictsOf({ links: { search: { ...toOthersOnGoogle, zilliz }, papers: onOther } })).toEqual([])
  // The names of what a link does not make are free.
  const named = { ...toOthersOnGoogle, endpoint: { name: 'zilliz-us-west1' } }
  expect(conflictsOf({ links: { search: gcpLink, papers: { ...named, network: 'other' } } })).toEqual([])
})

for (const { when, environments, lines } of [
  {
    when: 'parent zones of two environments on one VPC',
    environments: [
      { links: { search: { ...oneHost, zone: 'parent', hosts: [] } } },
      { links: { papers: { ...oneHost, zone: 'parent', hosts: [] } } }
    ],
    lines: [
      "two: links.papers: owns the private zone vectordb.zillizcloud.com on vpc-0a1b2c3d4e5f60718, and so does one: links.search. Let one of them make it, and give the other zone: 'existing'."
    ]
  },
  {
    when: 'zones for one host on one VPC, of two links',
    environments: [{ links: { search: oneHost, papers: oneHost } }],
    lines: [
      `one: links.papers: owns the private zone ${host} on vpc-0a1b2c3d4e5f60718, and so does one: links.search. Let one of them make it, and give the other zone: 'existing'.`
    ]
  },
  {
    when: 'zones for one host on one VPC, of two links to one endpoint of others',
    environments: [{ links: { search: toOthers, papers: toOthers } }],
    lines: [
      `one: links.papers: owns the private zone ${host} on vpc-0a1b2c3d4e5f60718, and so does one: links.search. Let one of them make it, and give the other zone: 'existing'.`
    ]
  },
  {
    when: 'the registration of one endpoint of others on AWS',
    environments: [
      { links: { search: { ...toOthers, zilliz } } },
      { links: { papers: { ...toOthers, vpcId: 'vpc-0a1b2c3d4e5f60799', zilliz } } }
    ],
    lines: [
      'two: links.papers: owns the registration of vpce-0a1b2c3d4e5f60718 with proj-0a1b2c3d4e5f60718293a4, and so does one: links.search. Write registered: true in the zilliz of one of them.'
    ]
  },
  {
    when: 'the registration of one endpoint of others on Google Cloud',
    environments: [
      { links: { search: { ...toOthersOnGoogle, zilliz } } },
      { links: { papers: { ...toOthersOnGoogle, endpointPrefix: 'other', network: 'other', zilliz } } }
    ],
    lines: [
      'two: links.papers: owns the registration of network-zilliz with proj-0a1b2c3d4e5f60718293a4, and so does one: links.search. Write registered: true in the zilliz of one of them.'
    ]
  },
  {
    when: 'a zone that one link brings to the VPC of another',
    environments: [
      {
        links: {
          search: oneHost,
          papers: {
            ...oneHost,
            vpcId: 'vpc-0a1b2c3d4e5f60799',
            zoneVpcs: [{ vpcId: awsLink.vpcId, region: 'us-west-2' }]
          }
        }
      }
    ],
    lines: [
      `one: links.papers: owns the private zone ${host} on vpc-0a1b2c3d4e5f60718, and so does one: links.search. Let one of them make it, and give the other zone: 'existing'.`
    ]
  },
  {
    when: 'zones for one host in one Route 53 Profile, of links in two VPCs',
    environments: [
      { links: { search: { ...oneHost, profileId: 'rp-0a1b2c3d4e5f6071' } } },
      { links: { search: { ...oneHost, profileId: 'rp-0a1b2c3d4e5f6071', vpcId: 'vpc-0a1b2c3d4e5f60799' } } }
    ],
    lines: [
      `two: links.search: owns the private zone ${host} on the profile rp-0a1b2c3d4e5f6071, and so does one: links.search. Let one of them make it, and give the other zone: 'existing'.`
    ]
  },
  {
    when: 'parent zones of links in two VPCs, in one Route 53 Profile',
    environments: [
      {
        links: {
          search: { ...oneHost, zone: 'parent', profileId: 'rp-0a1b2c3d4e5f6071' },
          papers: { ...oneHost, zone: 'parent', profileId: 'rp-0a1b2c3d4e5f6071', vpcId: 'vpc-0a1b2c3d4e5f60799' }
        }
      }
    ],
    lines: [
      "one: links.papers: owns the private zone vectordb.zillizcloud.com on the profile rp-0a1b2c3d4e5f6071, and so does one: links.search. Let one of them make it, and give the other zone: 'existing'."
    ]
  },
  {
    when: 'zones for one host on one VPC of another account, of links in two VPCs',
    environments: ['vpc-0a1b2c3d4e5f60718', 'vpc-0a1b2c3d4e5f60799'].map(vpcId => ({
      aws: { vpcRoleArns: ['arn:aws:iam::210987654321:role/network'] },
      links: {
        search: {
          ...oneHost,
          vpcId,
          zoneVpcs: [{ vpcId: 'vpc-0a1b2c3d4e5f607aa', region: 'us-west-2', accountId: '210987654321' }]
        }
      }
    })),
    lines: [
      `two: links.search: owns the private zone ${host} on vpc-0a1b2c3d4e5f607aa, and so does one: links.search. Let one of them make it, and give the other zone: 'existing'.`
    ]
  },
  {
    when: 'an existing zone that two links associate with one VPC and one Route 53 Profile',
    environments: [
      {
        links: Object.fromEntries(
          ['search', 'papers'].map((name, index) => [
            name,
            {
              ...awsLink,
              hosts: awsLink.hosts.slice(index, index + 1),
              zone: 'existing',
              zoneId: 'Z0123456789ABCDEFGHIJ',
              associateZone: true,
              profileId: 'rp-0a1b2c3d4e5f6071'
            }
          ])
        )
      }
    ],
    lines: [
      'one: links.papers: owns the association of the zone Z0123456789ABCDEFGHIJ with vpc-0a1b2c3d4e5f60718, and so does one: links.search. Take associateZone out of one of them.',
      'one: links.papers: owns the association of the zone Z0123456789ABCDEFGHIJ with the profile rp-0a1b2c3d4e5f6071, and so does one: links.search. Take profileId out of one of them.'
    ]
  },
  {
    when: 'one record in a parent zone, of two links',
    environments: [{ links: { search: { ...oneHost, zone: 'parent' }, papers: { ...oneHost, zone: 'parent' } } }],
    lines: [
      `one: links.papers: owns the record ${host} in the parent zone on vpc-0a1b2c3d4e5f60718, and so does one: links.search. Take the host out of one of them.`
    ]
  },
  {
    when: 'one record in an existing zone, of two environments',
    environments: [
      { links: { search: { ...oneHost, zone: 'existing', zoneId: 'Z0123456789ABCDEFGHIJ' } } },
      { links: { search: { ...oneHost, zone: 'existing', zoneId: 'Z0123456789ABCDEFGHIJ' } } }
    ],
    lines: [
      `two: links.search: owns the record ${host} in the zone Z0123456789ABCDEFGHIJ, and so does one: links.search. Take the host out of one of them.`
    ]
  },
  {
    when: 'one endpoint that was made by hand, adopted twice',
    environments: [
      { links: { search: { ...oneHost, zone: 'none', adoptEndpointId: 'vpce-0ce90d01341533a5c' } } },
      { links: { search: { ...oneHost, zone: 'none', adoptEndpointId: 'vpce-0ce90d01341533a5c' } } }
    ],
    lines: ['two: links.search: owns vpce-0ce90d01341533a5c, and so does one: links.search. Let one of them adopt it.']
  },
  {
    when: 'names of Google Cloud in one project, with one prefix',
    environments: [
      {
        links: {
          search: { ...gcpLink, hosts: [], zone: 'none' },
          papers: { ...gcpLink, hosts: [], zone: 'none', network: 'other' }
        }
      }
    ],
    lines: [
      'one: links.papers: owns the forwarding rule zilliz-us-west1 in search-test/us-west1, and so does one: links.search. Give one of them another endpointPrefix.',
      'one: links.papers: owns the address named zilliz-us-west1-address in search-test/us-west1, and so does one: links.search. Give one of them another endpointPrefix.',
      'one: links.papers: owns the firewall rule zilliz-us-west1-egress in search-test, and so does one: links.search. Give one of them another endpointPrefix.'
    ]
  },
  {
    when: "the guide's zone on two networks of one project",
    environments: [
      {
        links: {
          search: { ...gcpLink, hosts: [], zone: 'parent' },
          papers: { ...elsewhere, hosts: [], zone: 'parent', network: 'other' }
        }
      }
    ],
    lines: [
      "one: links.papers: owns the managed zone zilliz-privatelink-zone in search-test, and so does one: links.search. Choose zone: 'per-host' for one of them, or name the zone there with zone: 'existing'."
    ]
  },
  {
    when: 'one spoke network that asks two hubs for one host',
    environments: [
      { links: { search: { ...gcpLink, zonePeerings: [spokes] } } },
      { links: { search: { ...elsewhere, network: 'other', zonePeerings: [spokes] } } }
    ],
    lines: [
      `two: links.search: owns the private zone ${gcpHost} on projects/spoke-one-123/global/networks/spoke-0, and so does one: links.search. Let one of them make it, and give the other zone: 'existing'.`
    ]
  },
  {
    when: 'peering zones of one name in one project',
    environments: [
      { links: { search: { ...gcpLink, zonePeerings: [spokes] } } },
      {
        links: {
          search: {
            ...gcpLink,
            project: 'search-other',
            zonePeerings: [{ ...spokes, networks: ['projects/spoke-one-123/global/networks/spoke-1'] }]
          }
        }
      }
    ],
    lines: [
      'two: links.search: owns the managed zone zilliz-in01-61e949d971f841b-peering in spoke-one-123, and so does one: links.search. Give one of them another endpointPrefix.'
    ]
  },
  {
    when: 'one address of one network',
    environments: [
      {
        links: {
          search: { ...gcpLink, hosts: [], zone: 'none', address: '10.138.0.9' },
          papers: { ...elsewhere, hosts: [], zone: 'none', address: '10.138.0.9' }
        }
      }
    ],
    lines: [
      'one: links.papers: owns the address 10.138.0.9 in projects/search-test/global/networks/default, and so does one: links.search. Give one of them another address.'
    ]
  },
  {
    when: 'one record in an existing zone of Google Cloud, which it would replace without a word',
    environments: [
      {
        links: {
          search: { ...gcpLink, zone: 'existing', zoneName: 'internal' },
          papers: { ...elsewhere, zone: 'existing', zoneName: 'internal' }
        }
      }
    ],
    lines: [
      `one: links.papers: owns the record ${gcpHost} in the zone search-test/internal, and so does one: links.search. Take the host out of one of them.`
    ]
  },
  {
    when: 'one state',
    environments: [
      { backend: { type: 's3', bucket: 'search-state', region: 'us-west-2', key: 'links.tfstate' } },
      { backend: { type: 's3', bucket: 'search-state', region: 'us-west-2', key: 'links.tfstate' } }
    ],
    lines: [
      'two: backend: owns the state in s3://search-state/links.tfstate, and so does one: backend. Give one of them a place of its own.'
    ]
  }
]) {
  test(`a conflict is found before a deploy: ${when}`, () => {
    expect(conflictsOf(...environments)).toEqual(lines)
  })
}

for (const { when, environments } of [
  {
    when: 'links of one environment on one VPC share the parent zone',
    environments: [
      {
        links: {
          search: { ...awsLink, zone: 'parent', hosts: awsLink.hosts.slice(0, 1) },
          papers: { ...awsLink, zone: 'parent', hosts: awsLink.hosts.slice(1) }
        }
      }
    ]
  },
  {
    when: 'one host on two VPCs',
    environments: [
      { links: { search: awsLink } },
      { links: { search: { ...awsLink, vpcId: 'vpc-0a1b2c3d4e5f60799' } } }
    ]
  },
  {
    when: 'one prefix in two regions, or two projects',
    environments: [
      {
        links: {
          west: gcpLink,
          east: {
            ...gcpLink,
            hosts: [],
            region: 'us-east4',
            serviceAttachment: 'projects/vdc-prod/regions/us-east4/serviceAttachments/vdc-prod-us-east4'
          },
          other: { ...gcpLink, project: 'search-other' }
        }
      }
    ]
  },
  {
    when: 'two environments in one bucket',
    environments: [
      { backend: { type: 'gcs', bucket: 'search-state' } },
      { backend: { type: 'gcs', bucket: 'search-state' } }
    ]
  }
]) {
  test(`no conflict: ${when}`, () => {
    expect(conflictsOf(...environments)).toEqual([])
  })
}
