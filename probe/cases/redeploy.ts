import type { Step } from './case.ts'
import { shell } from './shell.ts'

/**
 * The first step for whatever a deploy makes: a change by hand is undone by the next deploy, or makes it fail.
 *
 * @param what restored, in words that follow "that restores"
 */
export const redeploy = (what: string, { environment }: { readonly environment: string }): Step => ({
  do: `if this project deployed the link, deploy the environment again: that restores ${what}`,
  run: shell`npm run deploy -- ${environment}`
})
