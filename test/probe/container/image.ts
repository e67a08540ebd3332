import { copyFile, mkdir } from 'node:fs/promises'
import { basename, dirname, join, posix } from 'node:path'
import {
  Arg,
  Copy,
  DockerfileParser,
  Entrypoint,
  From,
  Healthcheck,
  type Instruction,
  PropertyInstruction,
  Run,
  User,
  Workdir
} from 'dockerfile-ast'
import { execa } from 'execa'
import { filesOfContext } from './context.ts'

/** An image as far as it is built: a directory, and how to start a process in it. */
export interface Image {
  readonly root: string
  readonly env: Readonly<Record<string, string>>
  readonly labels: Readonly<Record<string, string>>
  /** User and group, as numbers. */
  readonly user: string
  readonly directory: string
  readonly entrypoint: readonly string[]
  readonly healthCheck: readonly string[]
}

interface Build {
  readonly dockerfile: string
  /** The directory that COPY takes from. */
  readonly context: string
  readonly args: Readonly<Record<string, string>>
  /** The root that FROM an image of a registry begins with. */
  readonly base: string
  /** Where the roots of the stages are made. */
  readonly into: string
}

/** Does what a Dockerfile says, in one root for each of its stages, and gives the last. Needs root. */
export async function buildImage({ dockerfile, context, args, base, into }: Build): Promise<Image> {
  const stages = new Map<string, Image>()
  let inScope: Readonly<Record<string, string>> = {}
  let image: Image | undefined
  for (const step of DockerfileParser.parse(dockerfile).getInstructions()) {
    if (step instanceof From) {
      const parent = stages.get(step.getImage() ?? '') ?? fresh(base)
      const name = step.getBuildStage() ?? 'last'
      image = { ...parent, root: join(into, name) }
      // What is common to all stages is copied once and then linked, for that takes seconds: a step that wrote into a file
      // of the stage before, instead of replacing it, would write into that stage, too.
      await execa('cp', ['--archive', ...(parent.root === base ? [] : ['--link']), parent.root, image.root])
      inScope = {}
      stages.set(name, image)
    } else if (image === undefined) throw new Error(`${step.getKeyword()}: stands before the first FROM`)
    else if (step instanceof Arg) {
      const property = step.getProperty()
      const name = property?.getName() ?? ''
      inScope = { ...inScope, [name]: args[name] ?? property?.getValue() ?? '' }
    } else {
      image = await afterStep(step, image, { args: inScope, context, stages })
      for (const [name, { root }] of stages) if (root === image.root) stages.set(name, image)
    }
  }
  if (image === undefined) throw new Error('the Dockerfile has no FROM')
  return image
}

const fresh = (root: string): Image => ({
  root,
  env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' },
  labels: {},
  user: '0:0',
  directory: '/',
  entrypoint: [],
  healthCheck: []
})

interface Known {
  readonly args: Readonly<Record<string, string>>
  readonly context: string
  readonly stages: ReadonlyMap<string, Image>
}

async function afterStep(step: Instruction, image: Image, { args, context, stages }: Known): Promise<Image> {
  const keyword = step.getKeyword()
  const content = step.getArgumentsContent() ?? ''
  const expand = (text: string) =>
    text.replace(/\$\{?(\w+)\}?/g, (_, name) => {
      const value = { ...args, ...image.env }[name]
      if (value === undefined) throw new Error(`${keyword} ${content}: ${name} is not known`)
      return value
    })
  if (step instanceof Copy) {
    await copy(step, image, context, stages)
    return image
  }
  if (step instanceof Run) {
    await run(image, args, content)
    return image
  }
  if (step instanceof PropertyInstruction) {
    const given = Object.fromEntries(step.getProperties().map(each => [each.getName(), expand(each.getValue() ?? '')]))
    if (keyword === 'ENV') return { ...image, env: { ...image.env, ...given } }
    if (keyword === 'LABEL') return { ...image, labels: { ...image.labels, ...given } }
  }
  if (step instanceof Workdir) {
    const directory = posix.resolve(image.directory, expand(content))
    await mkdir(join(image.root, directory), { recursive: true })
    return { ...image, directory }
  }
  if (step instanceof User) return { ...image, user: content }
  if (step instanceof Healthcheck) return { ...image, healthCheck: JSON.parse(content.replace(/^CMD /, '')) }
  if (step instanceof Entrypoint) return { ...image, entrypoint: JSON.parse(content) }
  if (keyword === 'EXPOSE') return image
  throw new Error(`${keyword}: is not known here`)
}

async function copy(step: Copy, image: Image, context: string, stages: Known['stages']): Promise<void> {
  const words = step.getArguments().map(word => word.getValue())
  const sources = words.slice(0, -1)
  const last = words.at(-1) ?? ''
  const target = join(image.root, posix.resolve(image.directory, last))
  const [flag, ...more] = step.getFlags()
  if (more.length > 0 || (flag !== undefined && flag.getName() !== 'from')) throw new Error('COPY: knows only --from')
  if (flag !== undefined) {
    const from = stages.get(flag.getValue() ?? '')
    if (from === undefined) throw new Error(`COPY: no stage is called ${flag.getValue()}`)
    await mkdir(target, { recursive: true })
    for (const source of sources) {
      await execa('cp', ['--archive', '--no-preserve=ownership', `${join(from.root, source)}/.`, target])
    }
    return
  }
  const files = filesOfContext(context)
  for (const source of sources) {
    const inside = files.filter(file => file.startsWith(`${source}/`))
    if (inside.length === 0 && !files.includes(source)) throw new Error(`COPY: ${source} is not in the context`)
    const pairs =
      inside.length > 0
        ? inside.map(file => [file, join(target, file.slice(source.length))] as const)
        : [[source, last.endsWith('/') ? join(target, basename(source)) : target] as const]
    for (const [file, to] of pairs) {
      await mkdir(dirname(to), { recursive: true })
      await copyFile(join(context, file), to)
    }
  }
}

/** All that it mounts is in a namespace of its own and ends with it, whatever happens. */
const inRoot = `
root=$1 user=$2 directory=$3 authorities=$4 command=$5
mount --types proc proc "$root/proc"
mount --bind /dev "$root/dev"
mount --bind /etc/resolv.conf "$root/etc/resolv.conf"
mount --types tmpfs tmpfs "$root/mnt"
if [ -n "$authorities" ]; then cp "$authorities" "$root/mnt/authorities.pem"; fi
chroot --userspec="$user" "$root" env --chdir="$directory" /bin/sh -c "$command"
exit
`

async function run(image: Image, args: Known['args'], command: string): Promise<void> {
  const setting = async (name: string) => {
    const { stdout } = await execa('npm', ['config', 'get', name])
    return ['null', 'undefined'].includes(stdout) ? '' : stdout
  }
  const authorities = process.env.NODE_EXTRA_CA_CERTS ?? (await setting('cafile'))
  const proxy = await setting('https-proxy')
  const script = ['sh', '-eu', '-c', inRoot, 'sh', image.root, image.user, image.directory, authorities, command]
  await execa('unshare', ['--mount', '--pid', '--fork', '--kill-child', ...script], {
    env: {
      ...args,
      ...image.env,
      HOME: image.user === '0:0' ? '/root' : '/home/node',
      npm_config_registry: await setting('registry'),
      ...(authorities === '' ? {} : { NODE_EXTRA_CA_CERTS: '/mnt/authorities.pem' }),
      ...(proxy === '' ? {} : { npm_config_https_proxy: proxy })
    },
    extendEnv: false
  })
}
