import { isIP } from 'node:net'
import { hostname } from 'node:os'
import type { onRequestHookHandler } from 'fastify'

/**
 * A hook that refuses requests for a name that is not the probe's. Such a name may belong to a web page whose owner points it
 * to the probe's address, to read the probe through a browser (DNS rebinding). Addresses, `localhost` and the
 * machine's own name are always the probe's. Over TLS, the browser itself refuses a certificate for another name.
 *
 * @param names further names, each time they are needed; `*.` at the beginning stands for one label or more
 */
export function onlyOwnNames(names: () => readonly string[]): onRequestHookHandler {
  const machine = hostname()
  return (request, reply, next) => {
    const { host } = request.headers
    // Browsers always send one.
    if (host === undefined || request.protocol === 'https') return next()
    const name = nameIn(host)
    if (name !== undefined && isOwn(name, [machine, ...names()])) return next()
    return reply.code(421).send({
      error: `Host: not a name of this probe, got ${JSON.stringify(name ?? host.slice(0, 100))}. Use the probe's IP address, or add the name to listen.names in its config.`
    })
  }
}

/** The name in a Host header, as browsers read it: in lower case, without the port; of a link-local address, without the interface. */
function nameIn(host: string): string | undefined {
  return URL.parse(`http://${host.replace(/%[^\]]*\]/, ']')}/`)
    ?.hostname.replace(/^\[|\]$/g, '')
    .replace(/\.$/, '')
}

function isOwn(name: string, names: readonly string[]): boolean {
  if (isIP(name) !== 0 || name === 'localhost' || name.endsWith('.localhost')) return true
  return names
    .map(own => own.toLowerCase())
    .some(own => (own.startsWith('*.') ? name.endsWith(own.slice(1)) : name === own))
}
