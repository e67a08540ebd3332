import { z } from 'zod'
import { shapedText } from '../probe/schema/shaped-text.ts'

const Duration = shapedText({
  pattern: /^[1-9]\d*[smh]$/,
  is: 'a duration such as 20m',
  find: 'Give a number with s, m or h behind it.'
})

/** How long Terraform waits for a cloud; what is left out is the provider's own. */
export const Timeouts = z.strictObject({
  create: Duration.exactOptional(),
  update: Duration.exactOptional(),
  delete: Duration.exactOptional()
})
export type Timeouts = z.output<typeof Timeouts>
