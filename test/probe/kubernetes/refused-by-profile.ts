import { z } from 'zod'

const SecurityContext = z.looseObject({
  privileged: z.boolean().optional(),
  runAsNonRoot: z.boolean().optional(),
  runAsUser: z.number().optional(),
  allowPrivilegeEscalation: z.boolean().optional(),
  procMount: z.string().optional(),
  seccompProfile: z.looseObject({ type: z.string() }).optional(),
  appArmorProfile: z.looseObject({ type: z.string() }).optional(),
  seLinuxOptions: z
    .looseObject({ type: z.string().optional(), user: z.string().optional(), role: z.string().optional() })
    .optional(),
  windowsOptions: z.looseObject({ hostProcess: z.boolean().optional() }).optional(),
  capabilities: z
    .looseObject({ add: z.array(z.string()).default([]), drop: z.array(z.string()).default([]) })
    .default({ add: [], drop: [] }),
  sysctls: z.array(z.looseObject({ name: z.string() })).default([])
})
type SecurityContext = z.output<typeof SecurityContext>

const Handler = z
  .looseObject({
    httpGet: z.looseObject({ host: z.string().optional() }).optional(),
    tcpSocket: z.looseObject({ host: z.string().optional() }).optional()
  })
  .optional()

const Container = z.looseObject({
  name: z.string(),
  securityContext: SecurityContext.prefault({}),
  ports: z.array(z.looseObject({ hostPort: z.number().optional() })).default([]),
  startupProbe: Handler,
  livenessProbe: Handler,
  readinessProbe: Handler,
  lifecycle: z.looseObject({ postStart: Handler, preStop: Handler }).optional()
})
type Container = z.output<typeof Container>

const PodTemplate = z.looseObject({
  metadata: z.looseObject({ annotations: z.record(z.string(), z.string()).default({}) }).prefault({}),
  spec: z.looseObject({
    hostNetwork: z.boolean().optional(),
    hostPID: z.boolean().optional(),
    hostIPC: z.boolean().optional(),
    securityContext: SecurityContext.prefault({}),
    volumes: z.array(z.looseObject({ name: z.string() })).default([]),
    containers: z.array(Container),
    initContainers: z.array(Container).default([]),
    ephemeralContainers: z.array(Container).default([])
  })
})

const restrictedVolumes = [
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'image',
  'persistentVolumeClaim',
  'projected',
  'secret'
]
const safeSysctls = [
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.ip_unprivileged_port_start',
  'net.ipv4.tcp_syncookies',
  'net.ipv4.ping_group_range',
  'net.ipv4.ip_local_reserved_ports',
  'net.ipv4.tcp_keepalive_time',
  'net.ipv4.tcp_fin_timeout',
  'net.ipv4.tcp_keepalive_intvl',
  'net.ipv4.tcp_keepalive_probes'
]
const seLinuxTypes = [undefined, '', 'container_t', 'container_init_t', 'container_kvm_t', 'container_engine_t']

/** Host processes, AppArmor and SELinux: asked alike of a pod and of a container. */
function refusedContext(where: string, context: SecurityContext): readonly string[] {
  const { windowsOptions, appArmorProfile, seLinuxOptions, seccompProfile, runAsUser, runAsNonRoot } = context
  return [
    ...(windowsOptions?.hostProcess === true ? [`${where}: host process`] : []),
    ...(appArmorProfile?.type === 'Unconfined' ? [`${where}: AppArmor`] : []),
    ...(seLinuxTypes.includes(seLinuxOptions?.type) && !seLinuxOptions?.user && !seLinuxOptions?.role
      ? []
      : [`${where}: SELinux`]),
    ...(seccompProfile?.type === 'Unconfined' ? [`${where}: seccomp`] : []),
    ...(runAsNonRoot === false ? [`${where}: runs as root`] : []),
    ...(runAsUser === 0 ? [`${where}: user 0`] : [])
  ]
}

/** What a container must have, and what it may have of its pod. */
function refusedContainer(container: Container, pod: SecurityContext): readonly string[] {
  const { name, securityContext: own, ports, startupProbe, livenessProbe, readinessProbe, lifecycle } = container
  const handlers = [startupProbe, livenessProbe, readinessProbe, lifecycle?.postStart, lifecycle?.preStop]
  const seccomp = own.seccompProfile?.type ?? pod.seccompProfile?.type
  return [
    ...refusedContext(name, own),
    ...(own.privileged === true ? [`${name}: privileged`] : []),
    ...(own.capabilities.drop.includes('ALL') ? [] : [`${name}: does not drop all capabilities`]),
    ...own.capabilities.add.filter(each => each !== 'NET_BIND_SERVICE').map(each => `${name}: capability ${each}`),
    ...(own.allowPrivilegeEscalation === false ? [] : [`${name}: privilege escalation`]),
    ...(own.procMount === undefined || own.procMount === 'Default' ? [] : [`${name}: procMount`]),
    ...((own.runAsNonRoot ?? pod.runAsNonRoot) ? [] : [`${name}: may run as root`]),
    ...(seccomp === 'RuntimeDefault' || seccomp === 'Localhost' ? [] : [`${name}: no seccomp profile`]),
    ...(ports.some(({ hostPort = 0 }) => hostPort !== 0) ? [`${name}: host port`] : []),
    ...(handlers.some(handler => handler?.httpGet?.host ?? handler?.tcpSocket?.host)
      ? [`${name}: probe of a host`]
      : [])
  ]
}

/**
 * What the profile `restricted` of the Pod Security Standards refuses in a pod's template, a line each:
 * https://kubernetes.io/docs/concepts/security/pod-security-standards/
 */
export function refusedByProfile(template: unknown): readonly string[] {
  const { metadata, spec } = PodTemplate.parse(template)
  const { securityContext: pod } = spec
  const appArmor = Object.entries(metadata.annotations).filter(
    ([key, value]) =>
      key.startsWith('container.apparmor.security.beta.kubernetes.io/') &&
      value !== 'runtime/default' &&
      !value.startsWith('localhost/')
  )
  return [
    ...(['hostNetwork', 'hostPID', 'hostIPC'] as const).filter(field => spec[field] === true),
    ...appArmor.map(([key]) => `annotation ${key}`),
    ...refusedContext('pod', pod),
    ...pod.sysctls.filter(({ name }) => !safeSysctls.includes(name)).map(({ name }) => `sysctl ${name}`),
    ...spec.volumes.flatMap(({ name, ...source }) =>
      Object.keys(source)
        .filter(kind => !restrictedVolumes.includes(kind))
        .map(kind => `volume ${name}: ${kind}`)
    ),
    ...[...spec.containers, ...spec.initContainers, ...spec.ephemeralContainers].flatMap(container =>
      refusedContainer(container, pod)
    )
  ]
}
