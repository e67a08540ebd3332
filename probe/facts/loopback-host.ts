import { isIP } from 'node:net'

/**
 * Whether a URL's host is this machine by its form: what is sent there in clear text does not leave the machine.
 *
 * @param host as `URL` has it, with brackets around an IPv6 address
 */
export function isLoopbackHost(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || (isIP(host) === 4 && host.startsWith('127.'))
}
