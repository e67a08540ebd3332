/** The outputs that an environment can have, and what each contains. Terraform shows these texts, and the reference lists them. */
export const outputs = {
  register:
    'What to enter in the Add Private Link dialog of Zilliz Cloud, for each link, under the names of the dialog',
  links:
    'For each link, connection_status as the cloud reports it, addresses, and records with their names, types, values and zones',
  probe_config: 'The config of the probe, as JSON, with a target for each host',
  endpoint_ids:
    'For programs: the id by which Zilliz Cloud identifies each endpoint, and its project where it needs one',
  registrations: 'The endpoints that the deploy registered with Zilliz Cloud. Only if a link has zilliz',
  probes: 'How to find the probes: DNS names, or a project, zones and a filter. Only if a link has probe',
  scrape_configs: 'A scrape config for Prometheus, with a job for each probe. Only if a link has probe'
} as const
