import type { Identity } from '../../support/certificates.ts'
import { type Endpoint, startEndpoint } from '../../support/endpoint.ts'
import { endpointName } from '../../support/evidence.ts'
import { a, cname, nxdomain, type Script, soa, startResolver } from '../../support/resolver.ts'
import { port } from './link.ts'

/** What is wrong with the link from now on. */
export type Fault = 'none' | 'refused' | 'resolver-silent'

/** A resolver on port 53 and an endpoint, in a process whose time is not counted. */
let fault: Fault = 'none'
let endpoint: Endpoint | undefined

const script: Script = ({ name, type }) => {
  if (fault === 'resolver-silent') return 'drop'
  if (type === 'SOA') return nxdomain(soa('zillizcloud.com', 'ns-1.awsdns-01.org'))
  const addresses = type === 'A' ? [a(endpointName, '127.0.0.1')] : []
  return { answers: name === endpointName ? addresses : [cname(name, endpointName), ...addresses] }
}

process.on('message', async (message: { readonly identity: Identity } & { readonly fault: Fault }) => {
  const { identity } = message
  fault = message.fault
  if (fault === 'refused') {
    await endpoint?.[Symbol.asyncDispose]()
    endpoint = undefined
  } else endpoint ??= await startEndpoint(identity, { place: { port } })
  process.send?.('done')
})
process.on('disconnect', () => process.exit())

await startResolver(script, { port: 53 })
process.send?.('ready')
