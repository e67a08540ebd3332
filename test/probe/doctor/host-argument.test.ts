import { describe, expect, test } from 'vitest'
import { readHost } from '../../../modules/zilliz/host.ts'
import { readHostArgument } from '../../../probe/doctor/host-argument.ts'

const domain = 'vectordb.zillizcloud.com'
const host = `in01-840ec44485bf25d-privatelink.aws-us-west-2.${domain}`

describe('a private link on the command line', () => {
  test('gives cloud and region', () => {
    expect(readHostArgument(`https://in01-61e949d971f841b-privatelink.gcp-us-west1.${domain}:19532/`)).toEqual({
      cloud: 'gcp',
      name: 'doctor/gcp-us-west1/in01-61e949d971f841b-privatelink',
      environment: 'doctor',
      region: 'us-west1',
      host: `in01-61e949d971f841b-privatelink.gcp-us-west1.${domain}`,
      port: 19532
    })
  })

  // Both read by one grammar; each makes something of its own of it.
  test.for([
    `${host}:19531`,
    `https://${host}:19531`,
    `HTTPS://${host}:19531`,
    host,
    `${host}:`,
    `${host}:0`,
    `${host}:65536`,
    `${host}:19531:1`,
    `${host}:19531/path`,
    `http://${host}:19531`,
    `tcp://${host}:19531`,
    ` ${host}:19531`,
    `${host}.:19531`,
    host.toUpperCase(),
    `in01-1.us-west-2.${domain}:1`,
    `in01-1.azure-eastus.${domain}:1`,
    `in01-1.ali-cn-hangzhou.${domain}:1`,
    `in01-1.serverless.aws-us-west-2.${domain}:1`,
    `in01-1.aws-us-west-2.serverless.${domain}:1`,
    `glo-1.global-cluster.${domain}:1`,
    `in01-1.aws-\${REGION_ID}.${domain}:1`,
    `in01-xxxxxxxx.aws-us-west-2.${domain}:1`,
    `in01-1.x.aws-us-west-2.${domain}:1`,
    `-in01.aws-us-west-2.${domain}:1`,
    'proj-1a2b.aws-us-west-2.api.zillizcloud.com',
    'search.aws-us-west-2.api.zillizcloud.com',
    `in01-1.aws-us-west-2.example.com:1`,
    `in01-1.aws-us-west-2.${domain}.evil.example:1`,
    'localhost:19531',
    ''
  ])('%j is read as a deploy reads it', given => {
    const deployed = readHost(given)
    const asked = readHostArgument(given)
    expect('mistake' in asked ? 'mistake' : pick(asked)).toEqual(
      'mistake' in deployed ? 'mistake' : pick({ ...deployed, host: deployed.name })
    )
  })

  test.for<[given: string, line: string]>([
    [
      `in05-1.serverless.aws-us-west-2.${domain}:1`,
      'is a serverless cluster, which has no private link, got GIVEN. Give the host of a dedicated cluster.'
    ],
    [
      `glo-1.global-cluster.${domain}:1`,
      'is the endpoint of a global cluster, which has no private link, got GIVEN. Give the private link of each member cluster, and change the address of the clients after a failover.'
    ],
    [
      `in01-1-internal.us-west-2.byoc.${domain}:19530`,
      "is a cluster in your own cloud account (BYOC), whose endpoint service is your own and not Zilliz Cloud's, got GIVEN. Connect to it as the BYOC pages of Zilliz Cloud describe. The probe accepts it as a target of a config, with host, port, cloud and region."
    ],
    [
      'in01-1.aws-cn-northwest-1.vectordb.zilliz.com.cn:19530',
      'is on the China site of Zilliz Cloud, which is not read here, got GIVEN. The probe accepts it as a target of a config, with host, port, cloud and region.'
    ]
  ])('%s is refused in true words', ([given, line]) => {
    expect(readHostArgument(given)).toEqual({
      mistake: `the private link ${line.replace('GIVEN', JSON.stringify(given))}`
    })
  })

  test.for(['https://proj-1a2b.aws-us-west-2.api.zillizcloud.com', 'proj-1a2b.aws-us-west-2.api.zillizcloud.com:443'])(
    '%s, which on-demand clusters share, is read with the port of https',
    given => {
      expect(readHostArgument(given)).toEqual({
        cloud: 'aws',
        name: 'doctor/aws-us-west-2/proj-1a2b',
        environment: 'doctor',
        region: 'us-west-2',
        host: 'proj-1a2b.aws-us-west-2.api.zillizcloud.com',
        port: 443
      })
    }
  )

  test.for(['proj-1a2b.aws-us-west-2.api.zillizcloud.com:', 'proj-1a2b.aws-us-west-2.api.zillizcloud.com:0'])(
    '%j has its port refused, not guessed',
    given => expect(readHostArgument(given)).toHaveProperty('mistake')
  )

  test.for([`https://root:Milvus@${host}:19531`, `root@${host}:19531`])(
    '%s has its user name refused, and no password shown',
    given => {
      expect(readHostArgument(given)).toEqual({
        mistake: 'the private link has a user name in it. Give host:port alone.'
      })
    }
  )
})

function pick({ cloud, region, host, port }: { cloud: string; region: string; host: string; port: number }) {
  return { cloud, region, host, port }
}
