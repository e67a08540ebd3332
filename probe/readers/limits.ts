/** What each client of the probe's own HTTP server may use. An address is an IPv4 address or an IPv6 network of 64 bits. */
export const readerLimits = {
  /** Open at once. Rounds need file descriptors too. */
  connections: 256,
  /** Open at once from one address: a few people behind a proxy, each with a browser. */
  connectionsPerAddress: 32,
  /** Requests on one connection that are not answered yet. No browser, scraper or kubelet sends a second one before the first answer. */
  pipelinedRequests: 2,
  /** From the connection to the end of the TLS handshake. */
  handshakeMs: 5000,
  /** From the connection, or the first byte of a later request, to the end of its headers. */
  headersMs: 5000,
  /** To the end of its body. */
  requestMs: 10_000,
  /** Between two checks for late requests. */
  lateCheckMs: 500,
  /** Without a request. A scraper that asks every 15 seconds keeps its connection. */
  idleMs: 20_000,
  /** Without a byte in either direction, while an answer is sent. */
  silentMs: 20_000,
  /** From a request to the last byte of its answer. */
  answerMs: 30_000,
  /** Being sent at once, everything but health and event streams. */
  answers: 32,
  answersPerAddress: 8,
  /** Pages that are kept up to date at once; further ones reload themselves every half minute. */
  streams: 100,
  streamsPerAddress: 8,
  /** Openings, for each address. A browser opens a new stream when its stream ends, and when a person filters the page. */
  streamsPerMinute: 60,
  /** For a slice of an update to be taken. */
  updateMs: 10_000,
  /** That a page may lack when it begins to follow; with more, it is faster to load it again. */
  missedRows: 256,
  /** Of an answer, handed to a connection at a time. */
  sliceBytes: 65_536,
  /** Request line and headers together. */
  headerBytes: 8192,
  bodyBytes: 1024,
  /** Of one part of a path, such as a target's environment. */
  pathPartCharacters: 100,
  /** A dashboard and a few people, and no flood; for each address. */
  requestsPerMinute: 600,
  /** Requested for all targets together. With the 800 queries a second of the schedule, they stay below the 1,024 that the resolvers of the clouds take. */
  roundsPerSecond: 5,
  /** In which a round of one target may be requested once. */
  roundOfTargetMs: 10_000,
  /** For each address. Uncompressed, the metrics of 1,000 targets are 15 MB. */
  plainScrapesPerMinute: 60
} as const
