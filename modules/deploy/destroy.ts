import { runCdktn } from './cdktn.ts'
import { takeSignals } from './interruption.ts'

// Destroys environments: cdktf destroy, which gets all options. A signal ends it in order, as it does a deploy.
const words = ['destroy', ...process.argv.slice(2)]
const { exitCode } = await runCdktn(words, { interruption: takeSignals(), say: console.error })
process.exitCode = exitCode
