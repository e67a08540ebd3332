import type { EnvironmentLiteral } from './environment/environment.ts'
import { dev } from './environments/dev.ts'
import { prod } from './environments/prod.ts'
import { staging } from './environments/staging.ts'
import { trial } from './environments/trial.ts'

/** Every environment of the program: add yours to the list. */
export const environments: readonly EnvironmentLiteral[] = [dev, staging, prod, trial]
