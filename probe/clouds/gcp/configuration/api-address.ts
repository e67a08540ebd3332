import { isLoopbackHost } from '../../../facts/loopback-host.ts'
import { GoogleFault } from './google-fault.ts'

/** The APIs that are asked. */
export type GoogleService = 'compute' | 'dns'

/** The variables that move them, by the names that Google's Terraform provider reads. */
export interface GoogleVariables {
  readonly GOOGLE_COMPUTE_CUSTOM_ENDPOINT?: string | undefined
  readonly GOOGLE_DNS_CUSTOM_ENDPOINT?: string | undefined
}

const services = {
  compute: { variable: 'GOOGLE_COMPUTE_CUSTOM_ENDPOINT', address: 'https://compute.googleapis.com/compute/v1/' },
  dns: { variable: 'GOOGLE_DNS_CUSTOM_ENDPOINT', address: 'https://dns.googleapis.com/dns/v1/' }
} as const

/**
 * The address of an API, with a slash at its end.
 *
 * @throws GoogleFault if a variable has what is no such address; an access token must not go there
 */
export function apiAddress(service: GoogleService, variables: GoogleVariables): string {
  const { variable, address } = services[service]
  const given = variables[variable] ?? ''
  if (given === '') return address
  const url = URL.parse(given)
  const refuse = (wrong: string) => new GoogleFault('failed', `${variable} ${wrong}; write an address like ${address}`)
  if (url === null || url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw refuse('is not the address of an API')
  }
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopbackHost(url.hostname))) {
    throw refuse('must begin with https://')
  }
  return `${url.origin}${url.pathname.replace(/\/*$/, '/')}`
}
