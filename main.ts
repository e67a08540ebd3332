import { synthesizeEnvironments } from './modules/environment/synthesize-environments.ts'
import { environments } from './modules/environments.ts'

await synthesizeEnvironments(environments)
