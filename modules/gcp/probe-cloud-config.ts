import { dump } from 'js-yaml'
import { artifactRepositoryOf } from './google-image.ts'

/** The settings of the probe on a VM. */
export interface ProbeOnVm {
  readonly image: string
  readonly port: number
}

/** The attribute of a VM's metadata that holds the probe's config as JSON. */
export const configAttribute = 'privatelink-probe-config'

/**
 * The user data that lets a VM of Container-Optimized OS run the probe: a unit of systemd that starts the container, as
 * https://cloud.google.com/container-optimized-os/docs/how-to/run-container-instance has it since VMs no longer take a container
 * in their metadata.
 */
export function probeCloudConfig({ image, port }: ProbeOnVm): string {
  const registry = image.split('/')[0] ?? ''
  const config = '/var/lib/privatelink/config.json'
  const metadata = `http://metadata.google.internal/computeMetadata/v1/instance/attributes/${configAttribute}`
  const unit = [
    '[Unit]',
    'Description=Probe of the private link to Zilliz Cloud',
    'Wants=docker.service gcr-online.target',
    'After=docker.service gcr-online.target',
    'StartLimitIntervalSec=0',
    '',
    '[Service]',
    // The root of the file system is read-only, and Docker keeps who reads images there otherwise.
    'Environment=HOME=/home/privatelink',
    `ExecStartPre=/usr/bin/mkdir -p /home/privatelink /var/lib/privatelink`,
    `ExecStartPre=/usr/bin/curl --silent --show-error --fail --retry 10 --retry-all-errors --header "Metadata-Flavor: Google" --output ${config} ${metadata}`,
    ...(artifactRepositoryOf(image) !== undefined
      ? [`ExecStartPre=/usr/bin/docker-credential-gcr configure-docker --registries=${registry}`]
      : []),
    // Container-Optimized OS drops what comes in, but for SSH:
    // https://cloud.google.com/container-optimized-os/docs/how-to/firewall
    `ExecStartPre=/bin/sh -c "iptables --wait --check INPUT --protocol tcp --dport ${port} --jump ACCEPT || iptables --wait --append INPUT --protocol tcp --dport ${port} --jump ACCEPT"`,
    'ExecStartPre=-/usr/bin/docker rm --force probe',
    [
      'ExecStart=/usr/bin/docker run --name probe --rm',
      // The VM's own resolver and addresses, as a client on a VM has them.
      '--network host',
      '--user 1000:1000 --read-only --cap-drop ALL --security-opt no-new-privileges',
      `--volume ${config}:/config.json:ro`,
      `--env PROBE_CONFIG_FILE=/config.json --env PROBE_HOST=:: --env PROBE_PORT=${port}`,
      // Names of VMs, which no web page can own.
      '--env PROBE_NAMES=*.internal',
      image
    ].join(' '),
    'ExecStop=/usr/bin/docker stop probe',
    'Restart=always',
    'RestartSec=10'
  ]
  const userData = {
    write_files: [
      {
        path: '/etc/systemd/system/privatelink-probe.service',
        permissions: '0644',
        owner: 'root',
        content: `${unit.join('\n')}\n`
      }
    ],
    runcmd: ['systemctl daemon-reload', 'systemctl start privatelink-probe.service']
  }
  return `#cloud-config\n${dump(userData, { lineWidth: -1, quoteStyle: 'double' })}`
}
