import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { z } from 'zod'
import { ProbeConfig, type Target } from '../target.ts'
import { WrongUse } from './wrong-use.ts'

/**
 * Reads the targets of a config.
 *
 * @throws WrongUse with everything that is wrong with it
 */
export function readTargets(file: string): readonly Target[] {
  const config = ProbeConfig.safeParse(readYaml(file))
  if (config.success) return config.data.targets
  throw new WrongUse(`the config "${file}" has mistakes:\n${z.prettifyError(config.error)}`)
}

/** JSON is YAML as well. */
function readYaml(file: string): unknown {
  try {
    return parse(readFileSync(file, 'utf8'))
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new WrongUse(`the config cannot be read: "${file}"; ${reason}`)
  }
}
