import type fc from 'fast-check'

/** One kind of thing that arrives from outside, and what has to survive it. */
export interface Kind<Input> {
  /** What arrives: sound examples and what mutation makes of them. */
  readonly inputs: fc.Arbitrary<Input>
  /** Inputs in a batch, which is made, counted and repeated as one. */
  readonly batch: number
  /** Processor time that one input may take, in milliseconds. @default 1000, of which most take five */
  readonly cpuMs?: number
  /** Starts what the inputs go to. */
  readonly start: () => Promise<Session<Input>>
}

/** What inputs go to, one after the other. */
export interface Session<Input> extends AsyncDisposable {
  /** Rejects if the input was not borne: what is thrown here counts as much as what nobody catches. */
  run(input: Input): Promise<void>
}

/**
 * The kinds by name. Each is loaded only where it is run, in a process of its own: to add one, write
 * `test/fuzz/kinds/<name>.ts`, which exports it as `kind`, and name it here.
 */
export const kinds = {
  dns: () => import('./kinds/dns.ts'),
  tls: () => import('./kinds/tls.ts'),
  http1: () => import('./kinds/http1.ts'),
  http2: () => import('./kinds/http2.ts'),
  json: () => import('./kinds/json.ts'),
  yaml: () => import('./kinds/yaml.ts'),
  pem: () => import('./kinds/pem.ts'),
  reader: () => import('./kinds/reader.ts'),
  certificate: () => import('./kinds/certificate.ts'),
  daemon: () => import('./kinds/daemon.ts')
} as const satisfies Record<string, () => Promise<{ readonly kind: Kind<unknown> }>>

export type KindName = keyof typeof kinds

/** The names of all kinds. */
export const kindNames = Object.keys(kinds) as readonly KindName[]
