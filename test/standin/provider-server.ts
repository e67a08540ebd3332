import { fileURLToPath } from 'node:url'
import { type handleUnaryCall, Server, ServerCredentials, type ServiceDefinition, status } from '@grpc/grpc-js'
import { loadSync } from '@grpc/proto-loader'
import { CloudError } from './cloud-error.ts'
import type { Provider } from './provider.ts'
import { type ProviderCall, type ProviderRequest, providerCalls } from './provider-calls.ts'
import { diagnosticMessage } from './wire.ts'

/** A provider that Terraform can reach. */
export interface ProviderServer {
  /** The provider's address in the registry, under which Terraform looks for it. */
  readonly address: string
  /** What TF_REATTACH_PROVIDERS says of it. */
  readonly reattach: ReattachEntry
  close(): Promise<void>
}

/** One entry of TF_REATTACH_PROVIDERS, in HashiCorp's spelling. */
export interface ReattachEntry {
  readonly Protocol: 'grpc'
  readonly ProtocolVersion: 5
  readonly Pid: number
  /** Terraform does not end the process of a provider that is under test. */
  readonly Test: true
  readonly Addr: { readonly Network: 'tcp'; readonly String: string }
}

const closeDeadlineMs = 2_000

/** Holds a call of Terraform up before it is answered, by the call's name: `ApplyResourceChange`. */
export type Hold = (call: string) => Promise<void> | undefined

/** Serves a provider on a free port of the loopback interface. */
export async function serveProvider(provider: Provider, hold?: Hold): Promise<ProviderServer> {
  const server = new Server()
  const calls = Object.entries(providerCalls(provider)).map(([name, call]) => [name, handle(call, () => hold?.(name))])
  server.addService(serviceOf('tfplugin5.proto', 'tfplugin5.Provider'), Object.fromEntries(calls))
  server.addService(serviceOf('health.proto', 'grpc.health.v1.Health'), {
    Check: handle(() => ({ status: 'SERVING' }))
  })
  const port = await listen(server)
  return {
    address: `registry.terraform.io/${provider.namespace ?? 'hashicorp'}/${provider.name}`,
    reattach: {
      Protocol: 'grpc',
      ProtocolVersion: 5,
      Pid: process.pid,
      Test: true,
      Addr: { Network: 'tcp', String: `127.0.0.1:${port}` }
    },
    close: () => close(server)
  }
}

function serviceOf(file: string, name: string): ServiceDefinition {
  const path = fileURLToPath(new URL(file, import.meta.url))
  const definition = loadSync(path, { keepCase: true, longs: Number, enums: String, defaults: true })[name]
  if (definition === undefined || 'format' in definition) throw new Error(`${file} defines no service ${name}`)
  return definition
}

function handle(
  answer: ProviderCall,
  hold: () => Promise<void> | undefined = () => undefined
): handleUnaryCall<ProviderRequest, object> {
  return async (call, callback) => {
    try {
      await hold()
      callback(null, answer(call.request, call.getPeer()))
    } catch (error) {
      if (error instanceof CloudError) callback(null, { diagnostics: [diagnosticMessage(error)] })
      // A bug of the stand-in must not look like something a cloud would say.
      else callback({ code: status.INTERNAL, details: error instanceof Error ? `${error.stack}` : String(error) })
    }
  }
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) => {
      if (error === null) resolve(port)
      else reject(error)
    })
  })
}

function close(server: Server): Promise<void> {
  return new Promise(resolve => {
    const deadline = setTimeout(() => {
      server.forceShutdown()
      resolve()
    }, closeDeadlineMs)
    server.tryShutdown(() => {
      clearTimeout(deadline)
      resolve()
    })
  })
}
