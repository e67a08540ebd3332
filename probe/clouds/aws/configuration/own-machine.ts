import { z } from 'zod'
import type { OwnMachine } from '../../../causes/question.ts'

/** @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/identify_ec2_instances.html */
export const awsMaker = /^Amazon EC2/

/** A metadata service answers within a few milliseconds, or there is none. */
const deadlineMs = 800

const mostBytes = 65_536

const Account = z.string().regex(/^\d{12}$/)
const Region = z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d+$/)
const ZoneName = z.string().regex(/^[a-z]{2}(-[a-z0-9]+)+$/)
const NetworkId = z.string().regex(/^vpc-[0-9a-f]{8,17}$/)
const Mac = z.string().regex(/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/)

/** @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-identity-documents.html */
const IdentityDocument = z.object({
  accountId: Account,
  region: Region,
  availabilityZone: ZoneName,
  instanceId: z.string().regex(/^m?i-[0-9a-f]{8,17}$/)
})

/** @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-metadata-endpoint-v4-fargate-response.html */
const TaskMetadata = z.object({
  TaskARN: z.string().regex(/^arn:[a-z-]+:ecs:[a-z0-9-]+:\d{12}:task\/[\w/-]{1,300}$/),
  AvailabilityZone: ZoneName.optional(),
  VPCID: NetworkId.optional()
})

/**
 * This machine by the metadata service of a task of Amazon ECS, or else of an instance of Amazon EC2 (IMDSv2). Takes the address of
 * the service from the environment as AWS's own clients do.
 *
 * @returns `undefined` if neither answers in the form that AWS documents
 */
export async function ownMachine(signal: AbortSignal): Promise<OwnMachine | undefined> {
  const over = AbortSignal.any([signal, AbortSignal.timeout(deadlineMs)])
  const read = async (from: () => Promise<OwnMachine | undefined>) => {
    try {
      return await from()
    } catch (error) {
      signal.throwIfAborted()
      // No service, or none of AWS.
      if (error instanceof z.ZodError || error instanceof SyntaxError || isOfFetch(error)) return undefined
      throw error
    }
  }
  return (await read(() => ofTask(over))) ?? (await read(() => ofInstance(over)))
}

async function ofTask(signal: AbortSignal): Promise<OwnMachine | undefined> {
  const { ECS_CONTAINER_METADATA_URI_V4: uri } = process.env
  if (uri === undefined) return undefined
  const task = TaskMetadata.parse(JSON.parse(await textAt(`${uri}/task`, {}, signal)))
  const [, , , region, account] = task.TaskARN.split(':')
  return {
    cloud: 'aws',
    account,
    region,
    zone: task.AvailabilityZone,
    network: task.VPCID,
    id: task.TaskARN.split('/').at(-1)
  }
}

async function ofInstance(signal: AbortSignal): Promise<OwnMachine | undefined> {
  const { AWS_EC2_METADATA_DISABLED: isDisabled, AWS_EC2_METADATA_SERVICE_ENDPOINT: endpoint } = process.env
  if (isDisabled?.toLowerCase() === 'true') return undefined
  const at = `${(endpoint ?? 'http://169.254.169.254').replace(/\/$/, '')}/latest`
  const token = await textAt(
    `${at}/api/token`,
    { method: 'PUT', headers: { 'x-aws-ec2-metadata-token-ttl-seconds': '60' } },
    signal
  )
  // What a header cannot hold is no token.
  if (!/^[\x21-\x7e]{1,1000}$/.test(token)) return undefined
  const get = (path: string) => textAt(`${at}/${path}`, { headers: { 'x-aws-ec2-metadata-token': token } }, signal)
  const [document, mac] = await Promise.all([get('dynamic/instance-identity/document'), get('meta-data/mac')])
  const { accountId, region, availabilityZone, instanceId } = IdentityDocument.parse(JSON.parse(document))
  const network = await get(`meta-data/network/interfaces/macs/${Mac.parse(mac)}/vpc-id`)
  return {
    cloud: 'aws',
    account: accountId,
    region,
    zone: availabilityZone,
    network: NetworkId.parse(network),
    id: instanceId
  }
}

/** The body of a good reply. A larger one than any of AWS is cut off, and has then no form of AWS. */
async function textAt(url: string, request: RequestInit, signal: AbortSignal): Promise<string> {
  const reply = await fetch(url, { ...request, redirect: 'error', signal })
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of reply.body ?? []) {
    bytes += chunk.length
    if (bytes > mostBytes) break
    chunks.push(chunk)
  }
  return reply.ok && bytes <= mostBytes ? Buffer.concat(chunks).toString('utf8') : ''
}

/** What `fetch` throws when there is no service, or it does not answer in time. */
function isOfFetch(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  return error.name === 'TimeoutError' || error.name === 'AbortError' || error instanceof TypeError
}
