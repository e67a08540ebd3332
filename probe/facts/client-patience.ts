/**
 * Milliseconds that a client waits for one step before it gives up. glibc waits five seconds for a resolver, and asks it
 * twice (resolv.conf(5)): an answer after 9.8 s is taken, one after 11 s is not (measured, glibc 2.36). pymilvus gives a
 * connection ten seconds (`timeout` of `MilvusClient`).
 */
export const clientPatienceMs = 10_000
