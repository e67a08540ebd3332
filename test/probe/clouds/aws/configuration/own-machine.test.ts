import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { ownMachine } from '../../../../../probe/clouds/aws/configuration/own-machine.ts'

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
    vi.unstubAllEnvs()
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return `http://127.0.0.1:${address.port}`
}

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/retrieve-iid.html */
const document = JSON.stringify({
  accountId: '123456789012',
  architecture: 'x86_64',
  availabilityZone: 'us-west-2b',
  imageId: 'ami-5fb8c835',
  instanceId: 'i-1234567890abcdef0',
  instanceType: 't3.micro',
  privateIp: '10.158.112.84',
  region: 'us-west-2',
  version: '2017-09-30'
})
const mac = '02:29:96:8f:6a:2d'
const metadata: Readonly<Record<string, string>> = {
  '/latest/dynamic/instance-identity/document': document,
  '/latest/meta-data/mac': mac,
  [`/latest/meta-data/network/interfaces/macs/${mac}/vpc-id`]: 'vpc-0a1b2c3d4e5f60718'
}

/** An instance's metadata service, version 2, of which some answers are others. */
function instance(others: Readonly<Record<string, string>> = {}) {
  const asked: string[] = []
  const listener: RequestListener = (request, response) => {
    const { url = '', method, headers } = request
    asked.push(`${method} ${url}`)
    if (method === 'PUT' && url === '/latest/api/token') {
      response.end(headers['x-aws-ec2-metadata-token-ttl-seconds'] === undefined ? '' : (others[url] ?? 'token=='))
      return
    }
    const answer = others[url] ?? metadata[url]
    if (headers['x-aws-ec2-metadata-token'] !== 'token==' || answer === undefined) response.statusCode = 401
    response.end(answer)
  }
  return { asked, listener }
}

const never = () => new AbortController().signal

async function ofInstance(listener: RequestListener) {
  vi.stubEnv('ECS_CONTAINER_METADATA_URI_V4', undefined)
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', undefined)
  vi.stubEnv('AWS_EC2_METADATA_SERVICE_ENDPOINT', await serve(listener))
  return ownMachine(never())
}

const known = {
  cloud: 'aws',
  account: '123456789012',
  region: 'us-west-2',
  zone: 'us-west-2b',
  network: 'vpc-0a1b2c3d4e5f60718',
  id: 'i-1234567890abcdef0'
}

describe('this machine, by the metadata of AWS', () => {
  test('is an instance in its VPC', async () => {
    expect(await ofInstance(instance().listener)).toEqual(known)
  })

  test('is not asked for where the metadata service is disabled', async () => {
    const { listener, asked } = instance()
    vi.stubEnv('AWS_EC2_METADATA_SERVICE_ENDPOINT', await serve(listener))
    vi.stubEnv('ECS_CONTAINER_METADATA_URI_V4', undefined)
    vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true')
    expect(await ownMachine(never())).toBeUndefined()
    expect(asked).toEqual([])
  })

  test('is a task of Amazon ECS on Fargate, which does not know its VPC', async () => {
    const url = await serve((request, response) => {
      response.end(
        request.url === '/v4/1234/task'
          ? JSON.stringify({
              Cluster: 'arn:aws:ecs:us-west-2:123456789012:cluster/default',
              TaskARN: 'arn:aws:ecs:us-west-2:123456789012:task/default/e9028f8d5d8e4f258373e7b93ce9a3c3',
              AvailabilityZone: 'us-west-2d',
              LaunchType: 'FARGATE'
            })
          : ''
      )
    })
    vi.stubEnv('ECS_CONTAINER_METADATA_URI_V4', `${url}/v4/1234`)
    expect(await ownMachine(never())).toEqual({
      ...known,
      zone: 'us-west-2d',
      network: undefined,
      id: 'e9028f8d5d8e4f258373e7b93ce9a3c3'
    })
  })

  test.for([
    { when: 'a page of a portal for every request', others: { '/latest/api/token': '<html>sign in</html>' } },
    { when: 'a token with a line break', others: { '/latest/api/token': 'token\r\nhost: x' } },
    { when: 'a document that is no JSON', others: { '/latest/dynamic/instance-identity/document': 'hello' } },
    {
      when: 'an account that is no number',
      others: { '/latest/dynamic/instance-identity/document': document.replace('123456789012', '\u001b[2J') }
    },
    { when: 'a MAC that is a path', others: { '/latest/meta-data/mac': '../../user-data' } },
    {
      when: 'more than a document ever has',
      others: { '/latest/dynamic/instance-identity/document': `${document}${' '.repeat(100_000)}` }
    }
  ])('is unknown if the service gives $when', async ({ others }) => {
    const { listener, asked } = instance(others)
    expect(await ofInstance(listener)).toBeUndefined()
    expect(asked.filter(each => each.includes('user-data'))).toEqual([])
  })

  test('is unknown if the service does not answer in time, or is not there', async () => {
    expect(await ofInstance(() => {})).toBeUndefined()
    vi.stubEnv('AWS_EC2_METADATA_SERVICE_ENDPOINT', 'http://127.0.0.1:1')
    expect(await ownMachine(never())).toBeUndefined()
  })

  test('is unknown if the service redirects: it is not followed', async () => {
    let others = 0
    const elsewhere = await serve((_, response) => {
      others += 1
      response.end('token==')
    })
    expect(
      await ofInstance((_, response) => {
        response.writeHead(307, { location: elsewhere })
        response.end()
      })
    ).toBeUndefined()
    expect(others).toBe(0)
  })

  test('is not waited for once the asking has ended', async () => {
    vi.stubEnv('AWS_EC2_METADATA_DISABLED', undefined)
    vi.stubEnv('ECS_CONTAINER_METADATA_URI_V4', undefined)
    vi.stubEnv('AWS_EC2_METADATA_SERVICE_ENDPOINT', await serve(() => {}))
    const over = new AbortController()
    const asked = ownMachine(over.signal)
    over.abort(new Error('closed'))
    await expect(asked).rejects.toThrow('closed')
  })
})
