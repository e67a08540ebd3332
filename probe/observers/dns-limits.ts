/** What a resolver may send and cost. No answer to the probe's questions comes near; dns2's parser has no such bounds. */
export const dnsLimits = {
  /** Octets of a message; a compression pointer reaches no further either. */
  message: 16_384,
  /** Records of all sections. */
  records: 512,
  /** Compression pointers in one name. */
  pointers: 16,
  /** Octets read, names counted at full length each time they occur. */
  steps: 32_768,
  /** Messages that are no replies to the question: reading them is work, and a flood of them is no answer. */
  strays: 16,
  /** Queries that are sent for one question; more only if the first is not understood. */
  queries: 3,
  /** Extended errors that are kept of a reply: a resolver has one or two to say. */
  errors: 4,
  /** Characters that are kept of an extended error's text. */
  errorText: 200,
  /** Aliases that are kept of an answer; it is read to its end, as clients read it. */
  aliases: 16,
  /** Addresses that are kept of an answer, and of what libc says. */
  addresses: 64
} as const
