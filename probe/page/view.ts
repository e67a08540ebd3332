import { z } from 'zod'
import type { Standing } from '../rounds/standing.ts'

const word = z.string().max(200).default('')

/** What is asked for in the address of the page. What nothing is called shows nothing, and is no mistake. */
export const View = z.object({
  environment: word,
  cloud: word,
  case: word,
  text: word,
  /** The target that is shown in full. */
  target: word
})
export type View = z.output<typeof View>

/** Whether a target is among those that were asked for. The page's own script does the same. */
export function matches({ environment, cloud, case: id, text }: View, { target, diagnosis }: Standing): boolean {
  return (
    (environment === '' || target.environment === environment) &&
    (cloud === '' || target.cloud === cloud) &&
    (id === '' || diagnosis.case.id === id) &&
    (target.name.includes(text) || target.host.includes(text))
  )
}
