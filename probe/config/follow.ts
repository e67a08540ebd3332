import { ConfigError } from '../schema/read.ts'
import { type ConfigSource, type Loaded, loadReferred, readConfig } from './source.ts'
import { watchFiles } from './watch-files.ts'

/** What becomes of a config. */
export interface Follower {
  readonly apply: (loaded: Loaded) => Promise<void>
  /** A change has mistakes; what was applied before stays. */
  readonly refuse: (mistakes: readonly string[]) => void
}

/**
 * Applies a config, and every change of it.
 *
 * @throws ConfigError if the first has mistakes
 */
export async function followConfig(
  source: ConfigSource,
  { apply, refuse }: Follower,
  options?: { readonly pollMs?: number }
): Promise<{ readonly close: () => Promise<void> }> {
  const take = async () => {
    const written = await readConfig(source)
    // Before reading them, or a change meanwhile, or after a mistake in one of them, would never be noticed.
    await files.follow(written.files)
    await apply(await loadReferred(written))
  }
  const retake = async () => {
    try {
      await take()
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error
      refuse(error.mistakes)
    }
  }
  const files = watchFiles(() => {
    turn = turn.then(retake)
  }, options)
  const first = files.follow([source.file, source.outputs?.file].filter(file => file !== undefined)).then(take)
  let turn = first
  try {
    await first
  } catch (error) {
    files.close()
    // A change that came meanwhile waits for what has failed here.
    turn.catch(() => {})
    throw error
  }
  return {
    close: async () => {
      files.close()
      await turn
    }
  }
}
