import type { Bound } from './bounds.ts'

/** What a server that the probe connects to can send: TCP, TLS, HTTP. */
export const peerBounds: readonly Bound[] = []
