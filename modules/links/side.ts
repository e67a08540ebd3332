import { commandLine } from '../../probe/command/how-started.ts'
import { WrongUse } from '../../probe/command/wrong-use.ts'
import { escapeProse } from '../../probe/facts/escape.ts'
import { ConfigError } from '../../probe/schema/read.ts'
import { unknownEnvironment } from '../environment/named-environments.ts'
import { readEnvironments } from '../environment/read-environments.ts'
import { type DeployedLink, deployedLinks } from './deployed-link.ts'
import { deployWithOutputs, type LinkInProject } from './kinds.ts'
import { readDeployed } from './outputs.ts'

/** The options of the command line, without the environment. */
export interface SideOptions {
  readonly outputs?: string
  readonly project?: string
}

/** The environment's side: what the program and its outputs say. */
export interface Side {
  readonly environment: string
  /** The file of outputs that was read. */
  readonly outputs: string | undefined
  readonly links: readonly LinkInProject[]
  /** Links of the other environments. */
  readonly others: readonly DeployedLink[]
}

/**
 * Reads what an environment deploys.
 *
 * @param literals all environments of the program
 * @throws WrongUse, ConfigError or MistakesError with what is wrong
 */
export async function readSide(literals: readonly unknown[], name: string, choice: SideOptions): Promise<Side> {
  const environments = readEnvironments(literals)
  const environment = environments.find(each => each.name === name)
  if (environment === undefined) {
    throw new WrongUse(
      unknownEnvironment(
        name,
        environments.map(each => each.name)
      )
    )
  }
  if (choice.project !== undefined && !/^[\w-]+$/.test(choice.project)) {
    throw new WrongUse(
      `--project is not the id of a project: "${escapeProse(choice.project, 100)}". Copy it, proj-…, from the console's address of the project.`
    )
  }
  const outputs = choice.outputs === undefined ? undefined : await readDeployed(choice.outputs)
  if (outputs !== undefined && !outputs.has(name)) {
    throw new ConfigError([
      `${choice.outputs}: has no outputs of environment "${name}". Write them: ${commandLine(deployWithOutputs(name, choice.outputs))}.`
    ])
  }
  const links = deployedLinks(environment, outputs?.get(name))
  return {
    environment: name,
    outputs: choice.outputs,
    links: inProjects(links, choice.project),
    others: environments
      .filter(other => other !== environment)
      .flatMap(other => deployedLinks(other, outputs?.get(other.name)))
  }
}

function inProjects(links: readonly DeployedLink[], project: string | undefined): readonly LinkInProject[] {
  const found = links.map(link => ({ ...link, projectId: link.projectId ?? project }))
  const without = found.filter(({ projectId }) => projectId === undefined).map(({ name }) => name)
  if (without.length > 0) {
    throw new WrongUse(
      `the Zilliz Cloud project of ${without.join(', ')} is not known. Give its id as --project proj-….`
    )
  }
  return found.flatMap(({ projectId, ...link }) => (projectId === undefined ? [] : [{ ...link, projectId }]))
}
