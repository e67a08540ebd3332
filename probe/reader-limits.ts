/** What clients of the probe's own HTTP server may take from it. */
export const readerLimits = {
  /** A dashboard and a few people, and no flood; for each client address. */
  requestsPerMinute: 600,
  /** Request line and headers together. */
  headerBytes: 8192
} as const
