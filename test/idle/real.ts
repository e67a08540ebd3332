import { isDeepStrictEqual } from 'node:util'
import { clientPatienceMs } from '../../probe/facts/client-patience.ts'
import { idleFound, idleTimes } from '../../probe/idle/idle-found.ts'
import { idleWords } from '../../probe/words/idle-words.ts'
import { hasTool, toInstall } from '../support/tools.ts'
import { forgetfulNetworkTools, openForgetfulNetwork } from './forgetful-network.ts'

/**
 * Holds connections for the real times, in a network that forgets a connection after 350 seconds of silence, as load balancers on
 * AWS do. It takes a quarter of an hour. Exits with 1 if what is found is not what the network does.
 */
const forgetsAfterSeconds = 350
const expected = 'alive after 340 s; dead after 360 s, silently'

const missing = forgetfulNetworkTools.filter(tool => !hasTool(tool))
if (missing.length > 0) {
  for (const tool of missing) console.error(toInstall(tool))
  process.exitCode = 2
} else {
  await using network = await openForgetfulNetwork()
  await network.forgetAfter(forgetsAfterSeconds, 'drop')
  console.log(
    `The network forgets connections after ${forgetsAfterSeconds} s. Holding one for each of ${idleTimes.join(', ')} s …`
  )
  const start = performance.now()
  const seen = await network.hold(idleTimes, clientPatienceMs)
  const kinds = seen.map(({ kind }) => kind)
  const found = idleFound(seen, Date.now() / 1000)
  const words = found === undefined ? 'nothing' : idleWords(found)
  console.log(`${((performance.now() - start) / 1000).toFixed(0)} s later: ${words} (${kinds.join(', ')}).`)
  if (words !== expected || !isDeepStrictEqual(kinds, ['alive', 'alive', 'alive', 'silent', 'silent'])) {
    console.error(`expected: ${expected}`)
    process.exitCode = 1
  }
}
