import type { onRequestHookHandler } from 'fastify'

/**
 * A hook that refuses what a page of another origin makes a browser send: the browser adds the password by itself. It is the check of
 * Go's `http.CrossOriginProtection`. A client that is no browser sends neither header, and passes.
 */
export const onlySameOrigin: onRequestHookHandler = (request, reply, next) => {
  const { origin, host, 'sec-fetch-site': site } = request.headers
  if (site === undefined ? origin === undefined || isAt(origin, host) : site === 'same-origin' || site === 'none') {
    return next()
  }
  return reply.code(403).send({
    error: `Origin: must be the probe's own, got ${JSON.stringify(origin?.slice(0, 100) ?? site)}. Use the status page itself, or a client that is no browser.`
  })
}

function isAt(origin: string, host: string | undefined): boolean {
  return host !== undefined && URL.parse(origin)?.host === URL.parse(`http://${host}/`)?.host
}
