import { readConfig } from '../../../probe/config/source.ts'
import { awsTarget, gcpTarget } from '../../support/evidence.ts'
import { filesToRefuse } from '../files-to-refuse.ts'
import type { Kind } from '../kind.ts'
import { mutatedText } from '../mutated.ts'

const outputs = {
  prod: {
    probe_config: JSON.stringify({ targets: [awsTarget, gcpTarget] }),
    endpoint_ids: { search: { id: 'vpce-0a1b2c3d4e5f60718' } },
    links: { search: { connection_status: null, records: [] } }
  }
}

const examples = [
  JSON.stringify(outputs),
  JSON.stringify(outputs, null, 2),
  JSON.stringify({ prod: { probe_config: '{"targets": [], "targets": [{}]}' } }),
  JSON.stringify({ prod: { probe_config: '<sensitive>' } }),
  '{"prod": {"probe_config": "{\\"targets\\": [[[[1e999, -0.5E-3, true, null, \\"\\\\ud800\\"]]]]}"}}'
]

/** What a deploy put out, and in it the probe's config, in JSON. */
export const kind: Kind<Buffer> = {
  batch: 200,
  inputs: mutatedText(examples),
  start: () => filesToRefuse('outputs.json', file => readConfig({ outputs: { file, environment: 'prod' } }))
}
