import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'

/** What Alertmanager would wake somebody with: each notification is handed to the parent, with the path it came to. */
const server = createServer(async (request, response) => {
  process.send?.({ path: request.url, at: Date.now(), body: JSON.parse(await text(request)) })
  response.end()
})
server.listen(5001, '127.0.0.1', () => process.send?.('listening'))
process.on('disconnect', () => process.exit())
