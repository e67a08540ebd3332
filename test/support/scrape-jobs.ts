import { z } from 'zod'
import { awsLink, awsProbe, gcpLink, gcpProbe } from '../modules/literals.ts'
import { awsWorld, googleWorld } from '../modules/world.ts'
import { openDeployment } from './deployment.ts'
import { type Printed, type ScrapeConfig, scrapeConfigsIn } from './scrape-configs.ts'

/** The jobs that a deploy on both clouds puts out. */
export async function deployedScrapeConfigs(): Promise<readonly Printed[]> {
  const links = { search: { ...awsLink, probe: awsProbe }, papers: { ...gcpLink, probe: gcpProbe } }
  const literal = { name: 'test', backend: { type: 'local' }, links }
  const { deploy } = await openDeployment(literal, { aws: awsWorld(), google: googleWorld() })
  const { outputs } = await deploy(literal)
  return scrapeConfigsIn(String(outputs.scrape_configs)).map(config => ({ where: 'output scrape_configs', config }))
}

/** What discovery tells of a probe: names as each kind has them. */
export const discovered = {
  __meta_dns_name: `${awsLink.subnetIds[0]}.search.test.privatelink.internal`,
  __meta_gce_instance_name: 'zilliz-us-west1-a-probe-x2x9',
  __meta_kubernetes_pod_name: 'privatelink-probe-7d4b9c-x2x9p',
  __meta_kubernetes_pod_label_app_kubernetes_io_name: 'privatelink-probe',
  __meta_kubernetes_pod_container_port_name: 'metrics'
}

/** A job that scrapes one probe over HTTP every second, whatever finds or guards it, with more rules for its labels. */
export function jobFor(target: string, name: string, config: ScrapeConfig, rules: readonly object[]): object {
  const kept = Object.entries(config).filter(([key]) => !/_sd_configs$|^(scheme|tls_config|basic_auth)$/.test(key))
  const own = z.array(z.looseObject({})).default([]).parse(config.relabel_configs)
  return {
    ...Object.fromEntries(kept),
    job_name: name,
    scrape_interval: '1s',
    scrape_timeout: '1s',
    static_configs: [{ targets: [target], labels: discovered }],
    relabel_configs: [...own, ...rules]
  }
}
