import { monitorEventLoopDelay } from 'node:perf_hooks'

/**
 * Loaded into the daemon with `--import`: measures by how much its timers are late, and says so when asked to. The
 * histogram has the whole time between two ticks, so what is meant to be between them is taken off.
 */
const resolutionMs = 5
const delay = monitorEventLoopDelay({ resolution: resolutionMs })
delay.enable()

process.on('message', word => {
  const late = (nanoseconds: number) => Math.max(0, nanoseconds / 1e6 - resolutionMs)
  if (word === 'stall') process.send?.({ most: late(delay.max), p99: late(delay.percentile(99)) })
  delay.reset()
})
process.channel?.unref()
