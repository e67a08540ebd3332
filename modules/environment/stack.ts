import { Fn, TerraformOutput, TerraformStack } from 'cdktf'
import type { Construct } from 'constructs'
import { dump } from 'js-yaml'
import { join } from 'shlex'
import packageFile from '../../package.json' with { type: 'json' }
import type { ProbeConfig } from '../../probe/target.ts'
import type { AddShare, CloudShare } from '../cloud.ts'
import { endpointIdsOutput } from '../endpoint-identity.ts'
import { environmentContext } from '../link-name.ts'
import { MistakesError } from '../mistakes.ts'
import type { PrivateLink } from '../private-link.ts'
import type { Probe } from '../probe.ts'
import { ZillizProvider } from '../zilliz/provider.ts'
import { addBackend } from './add-backend.ts'
import { type Environment, inOrder } from './environment.ts'
import { outputs } from './outputs.ts'

/** The Terraform stack of one environment: its backend, providers, private links and outputs. */
export class EnvironmentStack extends TerraformStack {
  private constructor(scope: Construct, environment: Environment, shares: readonly AddShare[]) {
    super(scope, environment.name)
    this.node.setContext(environmentContext, environment.name)

    // 1.5 has `check`, 1.10 the lock file of the S3 backend.
    this.addOverride('terraform.required_version', '>= 1.10')
    addBackend(this, environment.name, environment.backend)
    if (Object.values(environment.links).some(({ zilliz }) => zilliz !== undefined)) new ZillizProvider(this, 'zilliz')
    const deployed = shares.map(addTo => addTo(this))
    const links = inOrder(
      Object.keys(environment.links),
      deployed.map(({ links }) => links)
    )
    this.addOutputs(links, Object.fromEntries(deployed.flatMap(({ probes }) => Object.entries(probes))))
  }

  /**
   * Adds the stack of an environment to an app. Loads the bindings of the clouds that it uses, and of no other.
   *
   * @throws MistakesError if one of them is not installed
   */
  static async addTo(scope: Construct, environment: Environment): Promise<EnvironmentStack> {
    const shares = await Promise.all(environment.shares.map(share => loadOf(environment.name, share)))
    return new EnvironmentStack(scope, environment, shares)
  }

  private addOutputs(links: Readonly<Record<string, PrivateLink>>, probes: Readonly<Record<string, Probe>>): void {
    const byName = <Value>(of: (link: PrivateLink) => Value) =>
      Object.fromEntries(Object.entries(links).map(([name, link]) => [name, of(link)]))

    new TerraformOutput(this, 'register', {
      description: outputs.register,
      value: byName(link => link.registration)
    })
    new TerraformOutput(this, 'endpoint_ids', {
      description: outputs.endpoint_ids,
      value: endpointIdsOutput(byName(link => link.identity))
    })
    new TerraformOutput(this, 'links', {
      description: outputs.links,
      value: byName(({ connectionStatus, addresses, records }) => ({
        connection_status: connectionStatus,
        addresses,
        records
      }))
    })
    const registrations = Object.entries(links).flatMap(([name, { registrationId }]) =>
      registrationId === undefined ? [] : [[name, registrationId] as const]
    )
    if (registrations.length > 0) {
      new TerraformOutput(this, 'registrations', {
        description: outputs.registrations,
        value: Object.fromEntries(registrations)
      })
    }
    const config: ProbeConfig = { targets: Object.values(links).flatMap(({ targets }) => targets) }
    new TerraformOutput(this, 'probe_config', {
      description: outputs.probe_config,
      value: Fn.jsonencode(config)
    })
    if (Object.keys(probes).length === 0) return
    new TerraformOutput(this, 'probes', {
      description: outputs.probes,
      value: Object.fromEntries(Object.entries(probes).map(([name, { scrape }]) => [name, scrape]))
    })
    new TerraformOutput(this, 'scrape_configs', {
      description: outputs.scrape_configs,
      value: dump(
        {
          scrape_configs: Object.entries(probes).map(([name, { scrapeConfig }]) => ({
            job_name: `privatelink/${this.node.id}/${name}`,
            scrape_interval: '10s',
            // The probe's own labels win over labels of the same name that Prometheus adds, such as environment.
            honor_labels: true,
            ...scrapeConfig
          }))
        },
        { lineWidth: -1, quoteStyle: 'double' }
      )
    })
  }
}

/** Loads what a share adds to a stack. The bindings of a cloud are for a user to install, who may have those of another cloud only. */
async function loadOf(environment: string, share: CloudShare): Promise<AddShare> {
  try {
    return await share.load()
  } catch (error) {
    const [, missing] = /^Cannot find package '([^']+)'/.exec(error instanceof Error ? error.message : '') ?? []
    if (missing === undefined) throw error
    const range = Object.entries(packageFile.peerDependencies).find(([name]) => name === missing)?.[1]
    const command = join(['npm', 'install', range === undefined ? missing : `${missing}@${range}`])
    throw new MistakesError([`${environment}: needs the package ${missing}, which is not installed. Run ${command}.`])
  }
}
