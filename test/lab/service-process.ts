import type { Endpoint } from '../support/endpoint.ts'
import { type Service, startService } from './service.ts'

/** What the lab tells the process behind an address: serve this from now on. */
export interface Order {
  readonly service: Service
  readonly address: string
  readonly port: number
}

let serving: Endpoint | undefined

process.on('message', async ({ service, address, port }: Order) => {
  await serving?.[Symbol.asyncDispose]()
  serving = await startService(service, { address, port })
  process.send?.('serving')
})
process.on('disconnect', () => process.exit())
