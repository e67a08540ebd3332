/** How much is read of what an operator gives. A file that reaches every limit takes less than a second. */
export const configLimits = {
  /** Bytes of one file. 1,000 targets of a deploy take about 700 KiB. */
  fileBytes: 1024 * 1024,
  /** Levels of lists and objects inside each other. */
  depth: 32,
  /** Values in one file, those behind YAML aliases counted each time. */
  values: 50_000,
  /** YAML aliases in one file. */
  aliases: 2000,
  /** Keys that YAML merges (`<<`) in one file. */
  mergedKeys: 20_000,
  /** Targets of one probe. */
  targets: 1000,
  /** Mistakes that are reported one by one. */
  mistakes: 100
} as const
