import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { IdleObservation } from '../../probe/idle/observe-idle.ts'
import { deleteNamespace, deleteOrphans, ip, makeNamespace, type Namespace, run, spawnIn } from '../lab/namespace.ts'
import type { Service } from '../lab/service.ts'
import type { Order } from '../lab/service-process.ts'
import { makeAuthority } from '../support/certificates.ts'
import { clientsPython } from '../support/tools.ts'
import type { Holding } from './idle-process.ts'

/** What happens to a packet of a connection that the network has forgotten. */
export type Forgotten = 'drop' | 'reject with tcp reset'

/** A client and a server, and between them a network that forgets connections on which nothing is said. */
export interface ForgetfulNetwork extends AsyncDisposable {
  /** Holds a connection for each number of seconds. */
  readonly hold: (seconds: readonly number[], patienceMs: number) => Promise<readonly IdleObservation[]>
  /** Lets the network forget a connection after so many seconds of silence. */
  readonly forgetAfter: (seconds: number, then: Forgotten) => Promise<void>
  /** Lets a client of gRPC call, say nothing for so many seconds, and call again; gives what it prints. */
  readonly callTwice: (seconds: number, options: Readonly<Record<string, number>>) => Promise<string>
}

export const forgetfulNetworkTools = ['namespaces', 'ip', 'nft'] as const

const server = '10.30.0.7'
const port = 19_531
const host = 'in01-840ec44485bf25d-privatelink.aws-us-west-2.vectordb.zillizcloud.com'

/** Makes such a network, which remembers everything at first. */
export async function openForgetfulNetwork(): Promise<ForgetfulNetwork> {
  await deleteOrphans()
  await using stack = new AsyncDisposableStack()
  const make = async (role: string) => {
    const namespace = await makeNamespace('idle', role)
    stack.defer(() => deleteNamespace(namespace))
    return namespace
  }
  const [client, far] = [await make('client'), await make('server')]
  await ip(client, `link add eth0 type veth peer name eth0 netns ${far.name}`)
  await ip(client, 'addr add 10.30.0.1/24 dev eth0')
  await ip(far, `addr add ${server}/24 dev eth0`)
  for (const each of [client, far]) await ip(each, 'link set eth0 up')
  const authority = await makeAuthority()
  const identity = await authority.issue([host])
  const start = (namespace: Namespace, file: string) => {
    const child = spawnIn(namespace, [process.execPath, join(import.meta.dirname, file)], 'channel')
    child.stdout?.resume()
    child.stderr?.pipe(process.stderr, { end: false })
    stack.defer(() => void child.kill('SIGKILL'))
    return child
  }
  const serving = start(far, '../lab/service-process.ts')
  const holding = start(client, 'idle-process.ts')
  const service: Service = { kind: 'http', identity, status: 400 }
  serving.send({ service, address: server, port } satisfies Order)
  await once(serving, 'message')
  const opened = stack.move()
  return {
    hold: async (seconds, patienceMs) => {
      holding.send({ address: server, port, host, ca: authority.cert, seconds, patienceMs } satisfies Holding)
      const [seen] = await once(holding, 'message')
      return seen
    },
    forgetAfter: (seconds, then) => setTable(far, flows(seconds, then)),
    callTwice: async (seconds, options) => {
      const given = { address: server, port, host, ca: authority.cert, seconds, options }
      const program = [clientsPython, join(import.meta.dirname, 'call_twice.py'), JSON.stringify(given)]
      const child = spawnIn(client, program)
      child.stderr?.pipe(process.stderr, { end: false })
      return child.stdout === null ? '' : (await text(child.stdout)).trim()
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync()
  }
}

/** As load balancers do it: a table of connections, in which each packet of either side renews an entry. */
function flows(seconds: number, then: Forgotten): string {
  const flow = (address: string, itsPort: string) => `{ ip ${address} . tcp ${itsPort} timeout ${seconds}s }`
  return `
    set flows { type ipv4_addr . inet_service; flags dynamic,timeout; size 65535; };
    chain in { type filter hook input priority 0;
      tcp dport ${port} tcp flags & (syn | ack) == syn update @flows ${flow('saddr', 'sport')} accept;
      tcp dport ${port} ip saddr . tcp sport @flows update @flows ${flow('saddr', 'sport')} accept;
      tcp dport ${port} ${then};
    };
    chain out { type filter hook output priority 0;
      tcp sport ${port} ip daddr . tcp dport @flows update @flows ${flow('daddr', 'dport')} accept;
    };`
}

const setTable = ({ name }: Namespace, content: string) =>
  run('ip', 'netns', 'exec', name, 'nft', `flush ruleset; table ip idle { ${content} }`).then(() => {})
