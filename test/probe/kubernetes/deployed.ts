import { readFile } from 'node:fs/promises'
import { z } from 'zod'

/** What a deploy put out, as the environment that the overlays watch. */
export async function readOutputs(): Promise<string> {
  const { dev } = z
    .object({ dev: z.looseObject({ probe_config: z.string() }) })
    .parse(JSON.parse(await readFile('test/demo/deployed.json', 'utf8')))
  return JSON.stringify({ prod: dev })
}

/** The targets in it. */
export const deployedTargets = ['dev/aws-us-west-2/in01-840ec44485bf25d', 'dev/gcp-us-west1/in01-61e949d971f841b']
