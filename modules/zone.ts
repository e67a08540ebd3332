import { z } from 'zod'

/**
 * The private zone that answers a link's hosts inside its network. Each choice has a price, so a link must write one down:
 *
 * - `parent`: one zone for the whole of `vectordb.zillizcloud.com`, the guide's shape. It is authoritative for every name
 *   below it, so every other Zilliz Cloud name stops resolving in that network.
 * - `per-host`: one zone for each host, named exactly as the host. It hides nothing; what Zilliz Cloud recommends today.
 */
export const Zone = z
  .enum(['parent', 'per-host'])
  .describe(
    '`parent`: one zone for the whole of `vectordb.zillizcloud.com`, as in the guide; it hides every other Zilliz Cloud name from the network. `per-host`: a zone for each host; it hides nothing.'
  )
export type Zone = z.output<typeof Zone>
