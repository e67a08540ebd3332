// Writes what a release leaves behind for each sample environment: the literal, the Terraform state, and what the clouds hold.
//
// Run it only in a checkout of the release that users have, and give it this folder of the checkout to write to. In any other
// checkout it would write down the very changes that the test is to find.
//
//   npx --no-install node test/modules/upgrade/write.ts <folder>
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { environments } from '../../../modules/environments.ts'
import { Zone } from '../../../modules/zone.ts'
import { AwsCloud } from '../../standin/aws/aws-cloud.ts'
import { GoogleCloud } from '../../standin/google/google-cloud.ts'
import type { Clouds } from '../../standin/reattach.ts'
import { openTerraform } from '../../standin/terraform.ts'
import { ZillizCloud } from '../../standin/zilliz/zilliz-cloud.ts'
import { synthesize } from '../../support/synthesize.ts'
import { additions, examples } from '../examples.ts'
import { awsLink, gcpLink } from '../literals.ts'
import {
  awsByHand,
  awsHost,
  awsWorldByHand,
  awsWorldWithRole,
  gcpHost,
  googleWorldByHand,
  googleWorldWithAccount,
  internalZone,
  ownZone,
  theirZone,
  vpcRoleArns,
  zillizWorld
} from '../world.ts'
import { type Left, write } from './left.ts'

type Literal = Left['literal']

interface Deployed {
  readonly literal: Literal
  readonly clouds: Clouds
}

const base = {
  aws: { ...awsLink, hosts: [`${awsHost}:19531`] },
  gcp: { ...gcpLink, hosts: [`${gcpHost}:443`] }
}
const byApi = {
  aws: (({ serviceName, hosts, ...link }) => link)(awsLink),
  gcp: (({ serviceAttachment, hosts, ...link }) => link)(gcpLink)
}

const hasProbe = (code: string) => code.includes('probe:')
const clouds = () => ({ aws: awsWorldWithRole(ownZone, theirZone), google: googleWorldWithAccount(internalZone) })
const environment = (name: string, links: Readonly<Record<string, object>>, more: object = {}) => ({
  name,
  backend: { type: 'local' },
  links,
  ...more
})

/** The examples of links without a probe, and the kinds of zones without an example, as links of one environment with a cluster each. */
function inOne(cloud: 'aws' | 'gcp'): Readonly<Record<string, object>> {
  const shown = examples(cloud)
  const zones = Zone.options.map(zone => `zone: '${zone}'`).filter(zone => !shown.some(code => code.includes(zone)))
  const links = [...shown, ...zones]
    .filter(code => !hasProbe(code))
    .map((code, index) => {
      const host = base[cloud].hosts[0]?.replace(/^in01-[0-9a-f]+/, `in01-${String(index).padStart(15, '0')}`)
      const link = { ...base[cloud], hosts: [host], ...additions(code) }
      return [`${cloud}-${index}`, cloud === 'gcp' ? { ...link, endpointPrefix: `zilliz-${index}` } : link] as const
    })
  return Object.fromEntries(links)
}

/** The examples of a probe: each in an environment of its own, because a network has one. */
function probes(): readonly Deployed[] {
  const [aws, gcp] = (['aws', 'gcp'] as const).map(cloud => examples(cloud).filter(hasProbe).map(additions))
  return (aws ?? []).map((onAws, index) => {
    const onGoogle = gcp?.[index]
    return {
      literal: environment(`probe-${index}`, {
        search: { ...base.aws, ...onAws },
        ...(onGoogle === undefined ? {} : { papers: { ...base.gcp, ...onGoogle } })
      }),
      clouds: clouds()
    }
  })
}

function adoption(): Deployed {
  const aws = awsWorldByHand()
  const [endpoint] = [...aws.vpcEndpoints.values()]
  const dnsName = endpoint?.names.find(({ zone }) => zone === undefined)?.name ?? ''
  aws.hostedZones.get(awsByHand.zoneId)?.records.push({ name: awsHost, type: 'CNAME', ttl: 300, values: [dnsName] })
  return {
    literal: environment('adoption', {
      search: { ...base.aws, ...additions(examples('aws-adoption').join()) },
      papers: { ...base.gcp, ...additions(examples('gcp-adoption').join()) }
    }),
    clouds: { aws, google: googleWorldByHand() }
  }
}

/** The examples of registration by the API of Zilliz Cloud, one of each cloud at a time. */
function registration(): readonly Deployed[] {
  const gcp = examples('gcp-by-api')
  return examples('aws-by-api').map((code, index) => {
    const onGoogle = gcp[index]
    return {
      literal: environment(`by-api-${index}`, {
        search: { ...byApi.aws, ...additions(code) },
        ...(onGoogle === undefined ? {} : { papers: { ...byApi.gcp, ...additions(onGoogle) } })
      }),
      clouds: { ...clouds(), zilliz: registeredWorld() }
    }
  })
}

/** Zilliz Cloud with an endpoint that a person registered, so that it has allocated private links already. */
function registeredWorld(): ZillizCloud {
  const zilliz = zillizWorld()
  const [project = ''] = zilliz.projects.keys()
  const byHand = { projectId: project, endpointId: 'vpce-0a1b2c3d4e5f60799', gcpProjectId: undefined }
  zilliz.endpoints.push({ ...byHand, regionId: 'aws-us-west-2' })
  return zilliz
}

/** The networks that a sample environment names. */
function sample(literal: (typeof environments)[number]): Deployed {
  const links = Object.values(literal.links)
  const onAws = links.filter(link => link.cloud === 'aws')
  const onGoogle = links.filter(link => link.cloud === 'gcp')
  const [aws] = onAws
  const [google] = onGoogle
  const subnets = (link: (typeof onAws)[number]) =>
    (link.subnetIds ?? []).map((id, index) => {
      const letter = 'abc'.charAt(index)
      return { id, cidr: `10.20.${index + 1}.0/24`, zone: `${link.region}${letter}`, zoneId: `az-${letter}` }
    })
  const regionId = `aws-${aws?.region}`
  const clusters = links.flatMap(({ zilliz }) =>
    (zilliz?.clusters ?? []).map(id => ({ id, projectId: zilliz?.projectId ?? '', regionId }))
  )
  return {
    literal: { ...literal },
    clouds: {
      ...(aws && {
        aws: new AwsCloud({
          region: aws.region,
          vpcs: onAws.map(link => ({ id: link.vpcId, cidrs: ['10.20.0.0/16'], subnets: subnets(link) }))
        })
      }),
      ...(google && {
        google: new GoogleCloud({
          project: google.project,
          networks: onGoogle.map(({ network, subnetwork }) => ({
            name: network,
            subnetworks: [{ name: subnetwork ?? '', range: '10.138.0.0/20' }]
          }))
        })
      }),
      ...(clusters.length > 0 && {
        zilliz: new ZillizCloud({
          projects: [...new Set(clusters.map(({ projectId }) => projectId))].map(id => ({ id })),
          regions: [{ id: regionId, endpointService: `com.amazonaws.vpce.${aws?.region}.vpce-svc-0123456789abcdef0` }],
          clusters
        })
      })
    }
  }
}

const [folder] = process.argv.slice(2)
if (folder === undefined) throw new Error('give the folder to write to, of the checkout that is to be tested')

const deployed: readonly Deployed[] = [
  ...environments.map(sample),
  { literal: environment('aws', inOne('aws'), { aws: { vpcRoleArns } }), clouds: clouds() },
  { literal: environment('gcp', inOne('gcp')), clouds: clouds() },
  {
    literal: environment(
      'options',
      { search: base.aws, papers: base.gcp },
      Object.assign({}, ...examples('environment').map(additions))
    ),
    clouds: clouds()
  },
  ...probes(),
  ...registration(),
  adoption()
]

for (const { literal, clouds } of deployed) {
  const terraform = await openTerraform({ configuration: await synthesize(literal), clouds })
  try {
    await terraform.init()
    const { errors } = await terraform.apply()
    if (errors.length > 0) throw new Error(`${literal.name}: ${JSON.stringify(errors)}`)
    const state = JSON.parse(readFileSync(join(terraform.directory, 'terraform.tfstate'), 'utf8'))
    write(folder, { literal, state, clouds })
  } finally {
    await terraform.close()
  }
}
