import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { expect, onTestFinished } from 'vitest'
import { reattachEnvironment } from '../../standin/reattach.ts'
import { startMoto } from '../../support/moto.ts'
import { synthesize } from '../../support/synthesize.ts'
import { testWith } from '../../support/test-with.ts'
import { clientsPython } from '../../support/tools.ts'
import { awsLink } from '../literals.ts'
import { awsWorld } from '../world.ts'

const bucket = 'search-state'
const patience = { timeout: 60_000, interval: 50 }

/** A bucket on this machine. */
interface Bucket {
  /** What Terraform needs in its environment to find it. */
  readonly env: Readonly<Record<string, string>>
  /** The objects in it: their text by name. */
  readonly objects: () => Promise<Readonly<Record<string, string>>>
}

/** moto's, which answers as Amazon S3 does. */
async function bucketOfS3(): Promise<Bucket> {
  const { url, stop } = await startMoto()
  onTestFinished(stop)
  expect(await fetch(`${url}/${bucket}`, { method: 'PUT' })).toMatchObject({ ok: true })
  // moto wants to see who asks, and believes it.
  const headers = { authorization: 'AWS4-HMAC-SHA256 Credential=key/20260101/us-west-2/s3/aws4_request' }
  const text = async (path: string) => (await fetch(`${url}/${bucket}${path}`, { headers })).text()
  return {
    env: {
      AWS_ENDPOINT_URL: url,
      AWS_ACCESS_KEY_ID: 'key',
      AWS_SECRET_ACCESS_KEY: 'secret',
      // The name of the bucket in place of that of a host, which would have to resolve.
      TF_CLI_ARGS_init: '-backend-config=use_path_style=true'
    },
    objects: async () => {
      const names = [...(await text('')).matchAll(/<Key>([^<]+)<\/Key>/g)].map(([, name = '']) => name)
      return Object.fromEntries(await Promise.all(names.map(async name => [name, await text(`/${name}`)] as const)))
    }
  }
}

/** That of an emulator of Google Cloud Storage. */
async function bucketOfGcs(): Promise<Bucket> {
  const reserved = createServer().listen(0, '127.0.0.1')
  await once(reserved, 'listening')
  const { port } = reserved.address() as { readonly port: number }
  reserved.close()
  await once(reserved, 'close')
  const words = ['start', '--in-memory', '--quiet', '--host=127.0.0.1', `--port=${port}`, `--default-bucket=${bucket}`]
  const server = spawn(clientsPython, ['-m', 'gcp_storage_emulator', ...words], { stdio: 'ignore' })
  onTestFinished(async () => {
    server.kill('SIGTERM')
    if (server.exitCode === null) await once(server, 'exit')
  })
  const url = `http://127.0.0.1:${port}`
  const list = `${url}/storage/v1/b/${bucket}/o`
  const isThere = () =>
    fetch(list).then(
      ({ ok }) => ok,
      () => false
    )
  await expect.poll(isThere, patience).toBe(true)
  return {
    env: { STORAGE_EMULATOR_HOST: url, GOOGLE_OAUTH_ACCESS_TOKEN: 'token' },
    objects: async () => {
      const { items = [] } = (await (await fetch(list)).json()) as { items?: readonly { readonly name: string }[] }
      const texts = items.map(
        async ({ name }) => [name, await (await fetch(`${url}/${bucket}/${name}`)).text()] as const
      )
      return Object.fromEntries(await Promise.all(texts))
    }
  }
}

for (const { type, tool, open, state, lock, more, refusesOthers } of [
  {
    type: 's3',
    tool: 'moto',
    open: bucketOfS3,
    state: 'zilliz-privatelink/test.tfstate',
    lock: 'zilliz-privatelink/test.tfstate.tflock',
    more: { region: 'us-west-2' },
    refusesOthers: true
  },
  {
    type: 'gcs',
    tool: 'storage',
    open: bucketOfGcs,
    state: 'zilliz-privatelink/test/default.tfstate',
    lock: 'zilliz-privatelink/test/default.tflock',
    more: {},
    // The emulator accepts a second lock, which Cloud Storage refuses by the generation of the object.
    refusesOthers: false
  }
] as const) {
  testWith('terraform', tool)(
    `with its state in ${type}, an environment deploys under a lock${refusesOthers ? ' that refuses another deploy' : ''}, is planned without change and is destroyed`,
    async () => {
      const storage = await open()
      const aws = awsWorld()
      const held = Promise.withResolvers<void>()
      let isHeld = false
      const { variables, close } = await reattachEnvironment({ aws }, call => {
        if (call !== 'ApplyResourceChange') return undefined
        isHeld = true
        return held.promise
      })
      onTestFinished(close)
      const folder = await mkdtemp(join(tmpdir(), 'bucket-'))
      onTestFinished(() => rm(folder, { recursive: true, force: true }))
      const literal = { name: 'test', backend: { type, bucket, ...more }, links: { search: awsLink } }
      await writeFile(join(folder, 'cdk.tf.json'), await synthesize(literal))
      const terraform = (...words: readonly string[]) =>
        execa(process.env.TERRAFORM_BINARY_NAME ?? 'terraform', [...words, '-input=false', '-no-color'], {
          cwd: folder,
          env: { ...variables, ...storage.env, TF_CLI_CONFIG_FILE: '/dev/null', HOME: folder },
          reject: false,
          all: true
        })
      expect(await terraform('init')).toMatchObject({ exitCode: 0 })

      const deploy = terraform('apply', '-auto-approve')
      await expect.poll(() => isHeld, patience).toBe(true)
      expect(Object.keys(await storage.objects())).toContain(lock)
      if (refusesOthers) {
        const other = await terraform('apply', '-auto-approve')
        expect([other.exitCode, other.all]).toEqual([1, expect.stringContaining('Error acquiring the state lock')])
      }
      held.resolve()
      expect(await deploy).toMatchObject({ exitCode: 0, all: expect.stringContaining('Apply complete!') })

      const objects = await storage.objects()
      expect(Object.keys(objects)).toEqual([state])
      const [endpoint] = aws.vpcEndpoints.keys()
      expect(objects[state]).toContain(`"${endpoint}"`)
      expect(await terraform('plan', '-detailed-exitcode')).toMatchObject({ exitCode: 0 })
      expect(await terraform('destroy', '-auto-approve')).toMatchObject({ exitCode: 0 })
      expect(aws.vpcEndpoints.size).toBe(0)
      expect(JSON.parse((await storage.objects())[state] ?? '')).toMatchObject({ resources: [] })
      expect((await readdir(folder)).filter(name => name.includes('tfstate'))).toEqual([])
    }
  )
}
