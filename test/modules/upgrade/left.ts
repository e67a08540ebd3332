import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { z } from 'zod'
import { AwsCloud } from '../../standin/aws/aws-cloud.ts'
import { GoogleCloud } from '../../standin/google/google-cloud.ts'
import { memoryOf, remember } from '../../standin/memory.ts'
import type { Clouds } from '../../standin/reattach.ts'
import { ZillizCloud } from '../../standin/zilliz/zilliz-cloud.ts'

/** What the deploy of an environment by a release leaves behind. */
export interface Left {
  /** As its operator wrote it. */
  readonly literal: { readonly name: string } & Readonly<Record<string, unknown>>
  /** The state as Terraform keeps it. */
  readonly state: Readonly<Record<string, unknown>>
  readonly clouds: Clouds
}

const Memory = z.record(z.string(), z.unknown())

const Written = z.strictObject({
  literal: z.looseObject({ name: z.string() }),
  state: z.looseObject({ version: z.literal(4), resources: z.array(z.unknown()) }),
  clouds: z.strictObject({ aws: Memory, google: Memory, zilliz: Memory }).partial()
})

// A state repeats every key and every tag with each resource.
const ending = '.json.gz'

/** Writes what is left behind to a compressed file of the environment's name. */
export function write(folder: string, { literal, state, clouds: { aws, google, zilliz } }: Left): void {
  const held = {
    ...(aws && { aws: memoryOf(aws) }),
    ...(google && { google: memoryOf(google) }),
    ...(zilliz && { zilliz: memoryOf(zilliz) })
  }
  const json = JSON.stringify({ literal, state, clouds: held })
  writeFileSync(join(folder, `${literal.name}${ending}`), gzipSync(json, { level: 9 }))
}

/** Reads everything that was written to a folder. */
export function readAll(folder: string): readonly Left[] {
  return readdirSync(folder)
    .filter(file => file.endsWith(ending))
    .map(file => {
      const json = gunzipSync(readFileSync(join(folder, file))).toString()
      const { literal, state, clouds } = Written.parse(JSON.parse(json))
      const { aws, google, zilliz } = clouds
      return {
        literal,
        state,
        clouds: {
          ...(aws && { aws: remember(new AwsCloud({ vpcs: [] }), aws) }),
          ...(google && { google: remember(new GoogleCloud({ networks: [] }), google) }),
          ...(zilliz && { zilliz: remember(new ZillizCloud({ projects: [], regions: [] }), zilliz) })
        }
      }
    })
}
