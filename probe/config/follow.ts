import { ConfigError } from './mistakes.ts'
import { type ConfigSource, type Loaded, loadConfig } from './source.ts'
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
  let turn = Promise.resolve()
  const take = async () => {
    const loaded = await loadConfig(source)
    await apply(loaded)
    await files.follow(loaded.files)
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
  try {
    // Before reading, or a change while reading would never be noticed.
    await files.follow([source.file, source.outputs?.file].filter(file => file !== undefined))
    await take()
  } catch (error) {
    files.close()
    throw error
  }
  return {
    close: async () => {
      files.close()
      await turn
    }
  }
}
