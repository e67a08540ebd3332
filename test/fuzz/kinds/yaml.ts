import { readConfig } from '../../../probe/config/source.ts'
import { awsTarget, gcpTarget } from '../../support/evidence.ts'
import { filesToRefuse } from '../files-to-refuse.ts'
import type { Kind } from '../kind.ts'
import { mutatedText } from '../mutated.ts'

const targets = [
  '- &first',
  ...Object.entries(awsTarget).map(([key, value]) => `  ${key}: ${value}`),
  '- <<: *first',
  '  name: prod/search/in01-2',
  `- ${JSON.stringify(gcpTarget)}`
]

const examples = [
  `# comment\n---\ntargets:\n${targets.join('\n')}\nresolvers:\n  - { name: vpc, address: 10.0.0.2, port: 53 }\n`,
  'targets: []\nlisten:\n  host: 0.0.0.0\n  basicAuth: {username: "prometheus", passwordFile: \'/etc/probe/password\'}\n',
  'a: &a [x, x]\nb: &b [*a, *a]\nc: &c {<<: [*d], "k\\u0041": !!str 1, ? [x] : y}\nd: &d\n  - |2-\n    text\n  - >+\n    folded\n',
  '%YAML 1.2\n---\n&a\nself: *a\n...\n---\n- - - 0x1F\n- .inf\n- ~\n- 2026-01-01\n'
]

/** A config in YAML, as an operator or a program writes it. */
export const kind: Kind<Buffer> = {
  batch: 200,
  inputs: mutatedText(examples),
  start: () => filesToRefuse('config.yaml', file => readConfig({ file }))
}
