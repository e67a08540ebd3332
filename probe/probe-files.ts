import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Argument } from 'commander'

import { createCommand, runCommand } from './command/command.ts'
import { exitStatusHelp } from './command/exit-status.ts'
import { Config } from './config/config.ts'
import { shown } from './schema/mistakes.ts'
import { ConfigError, readInput } from './schema/read.ts'

/** What runs the probe, with the files for it and the file that names its hosts, as they are in this folder. */
const kinds = {
  systemd: {
    folders: ['systemd'],
    hosts: {
      file: 'systemd/zilliz-privatelink-probe.env',
      line: (links: readonly string[]) => `PROBE_TARGETS=${links.join(' ')}`
    },
    steps: (out: string) => [
      'npm install --global zilliz-privatelink',
      `cp ${join(out, 'systemd/zilliz-privatelink-probe.env')} /etc/`,
      `cp ${join(out, 'systemd/zilliz-privatelink-probe.service')} /etc/systemd/system/`,
      'systemctl daemon-reload',
      'systemctl enable --now zilliz-privatelink-probe'
    ]
  },
  kubernetes: {
    folders: ['kubernetes/base', 'kubernetes/hosts', 'kubernetes/nodes', 'kubernetes/managed-prometheus'],
    hosts: {
      file: 'kubernetes/hosts/probe.yaml',
      line: (links: readonly string[]) => links.map(link => `  - ${link}`).join('\n')
    },
    steps: (out: string) => [
      `# Set the image in ${join(out, 'kubernetes/hosts/kustomization.yaml')}.`,
      `kubectl apply -k ${join(out, 'kubernetes/hosts')}`
    ]
  }
} as const

type Kind = keyof typeof kinds

/** The line that stands for the hosts in a file of the package: the one with a host that cannot be read. */
const placeholder = /^.*in01-x{4,}.*$/m

const program = createCommand('probe-files')
  .description('Writes the files that run the probe for private links: a systemd unit, or manifests for Kubernetes.')
  .addArgument(new Argument('<kind>', 'what runs the probe').choices(Object.keys(kinds)))
  .argument(
    '<private links...>',
    'as Zilliz Cloud prints them: https://in01-….aws-us-west-2.vectordb.zillizcloud.com:19531'
  )
  .option('--out <directory>', 'write the files to this directory', 'privatelink-probe')
  .addHelpText('after', exitStatusHelp({ noResult: 'invalid arguments, or a file that exists already' }))
  .action(async (kind: Kind, links: readonly string[], { out }: { readonly out: string }) => {
    const { targets } = readInput(Config, { targets: links }, 'command line')
    const { folders, hosts, steps } = kinds[kind]
    const written = targets.map(({ host, port }) => `https://${host}:${port}`)
    const names = (await Promise.all(folders.map(filesIn))).flat()
    const files = await Promise.all(
      names.map(async name => {
        const text = await readFile(join(import.meta.dirname, name), 'utf8')
        return {
          file: join(out, name),
          text: name === hosts.file ? text.replace(placeholder, () => hosts.line(written)) : text
        }
      })
    )
    for (const each of files) await writeNew(each)
    console.log(
      `Written to ${out}. Then:\n${steps(out)
        .map(step => `  ${step}\n`)
        .join('')}`
    )
  })

await runCommand(program)

async function filesIn(folder: string): Promise<readonly string[]> {
  return (await readdir(join(import.meta.dirname, folder))).map(name => `${folder}/${name}`)
}

/** @throws ConfigError if the file is there, which may have changes of the operator's */
async function writeNew({ file, text }: { readonly file: string; readonly text: string }): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, text, { flag: 'wx' })
  } catch (error) {
    const { code = 'no code' } = error as NodeJS.ErrnoException
    throw new ConfigError([`--out: cannot write ${shown(file)} (${code}). Give a directory that is new.`])
  }
}
