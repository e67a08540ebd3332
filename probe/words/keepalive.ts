import type { IdleFound } from '../idle/idle-found.ts'

/** How to make a client of Zilliz Cloud keep idle connections open. */
export interface KeepaliveSetting {
  readonly client: string
  /** Its default, by version, as read in the packages. */
  readonly usual: string
  /** Code that sets the time between two pings, which are also sent while no call runs. */
  readonly set: (seconds: number) => string
}

/**
 * gRPC for Python sends no more than two pings without data, and then one a minute (measured, grpcio 1.85.3), unless
 * `max_pings_without_data` is 0. The names are those of pymilvus 2.6.10 to 3.0.2, milvus-sdk-java (ConnectConfig), client/v2 of milvus 2.6.2 for Go, and
 * @zilliz/milvus2-sdk-node 2.5.0 to 3.0.6.
 */
export const keepaliveSettings: readonly KeepaliveSetting[] = [
  {
    client: 'pymilvus',
    usual: '10 s since 2.6.10. 2.6.0 and earlier: only while a call runs; upgrade',
    set: seconds =>
      `MilvusClient(uri, token=token, grpc_options={"grpc.keepalive_time_ms": ${seconds * 1000}, "grpc.keepalive_permit_without_calls": 1, "grpc.http2.max_pings_without_data": 0})`
  },
  {
    client: 'Java SDK',
    usual: '10 s in current versions. Earlier: 55 s, only while a call runs',
    set: seconds =>
      `ConnectConfig.builder().uri(uri).token(token).keepAliveTimeMs(${seconds * 1000}).keepAliveWithoutCalls(true)`
  },
  {
    client: 'Go SDK',
    usual: '10 s, the least that grpc-go allows. `DialOptions` replaces all defaults: append to them',
    set: seconds =>
      `DialOptions: append(milvusclient.DefaultGrpcOpts, grpc.WithKeepaliveParams(keepalive.ClientParameters{Time: ${seconds} * time.Second, PermitWithoutStream: true}))`
  },
  {
    client: 'Node SDK',
    usual: '10 s in 3.0.6; 55 s in 2.5.0 and 2.6.0',
    set: seconds =>
      `new MilvusClient({ address, token, channelOptions: { 'grpc.keepalive_time_ms': ${seconds * 1000}, 'grpc.keepalive_permit_without_calls': 1 } })`
  }
]

/** Short enough for common networks, and long enough for servers that limit pings. */
export const usualKeepaliveSeconds = 55

/** Seconds between two pings that keep a connection open: half the shortest idle time that failed, so that one ping may be lost. */
export function keepaliveFor({ aliveSeconds, dead, closed }: IdleFound): number | undefined {
  const limits = [dead?.seconds, closed?.seconds].filter(seconds => seconds !== undefined)
  if (limits.length === 0) return undefined
  const safe = Math.min(aliveSeconds ?? Number.POSITIVE_INFINITY, ...limits)
  return Math.max(10, Math.min(usualKeepaliveSeconds, Math.floor(safe / 2)))
}
