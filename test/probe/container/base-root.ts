import { chmod, cp, mkdtemp, rename, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { execa } from 'execa'

/**
 * What stands in for `node:<version>-bookworm-slim` where no container engine is: a minimal Debian with the same Node, an
 * npm and the user that the image has. It is not that image: packages and sizes differ. It is made once, and kept among
 * temporary files.
 */
export async function makeBaseRoot(version: string): Promise<string> {
  const npm = dirname(dirname((await execa('sh', ['-c', 'realpath "$(command -v npm)"'])).stdout))
  const npmVersion = (await execa('npm', ['--version'])).stdout
  const kept = join(tmpdir(), `bookworm-node-${version}-npm-${npmVersion}-${process.arch}`)
  if (await isOurs(kept)) return kept

  const root = await mkdtemp(`${kept}-`)
  try {
    // In mount and process namespaces of its own, so that nothing of it stays if it is interrupted.
    const bootstrap = ['debootstrap', '--variant=minbase', 'bookworm', root, ...(await mirror())]
    await execa('unshare', ['--mount', '--pid', '--fork', '--kill-child', ...bootstrap])
    await cp('node_modules/node/bin/node', join(root, 'usr/local/bin/node'))
    await cp(npm, join(root, 'usr/local/lib/node_modules/npm'), { recursive: true })
    await symlink('../lib/node_modules/npm/bin/npm-cli.js', join(root, 'usr/local/bin/npm'))
    await execa('chroot', [root, 'useradd', '--uid=1000', '--user-group', '--create-home', 'node'])
    await execa('chroot', [root, 'apt-get', 'clean'])
    await writeFile(join(root, 'etc/resolv.conf'), '')
    const runs = (await execa('chroot', [root, 'node', '--version'])).stdout
    if (runs !== `v${version}`) throw new Error(`node_modules/node is ${runs}, not v${version}; run npm ci`)
    await chmod(root, 0o755)
    await rename(root, kept)
  } catch (error) {
    await rm(root, { recursive: true, force: true })
    // Another run was first.
    if ((error as NodeJS.ErrnoException).code !== 'ENOTEMPTY') throw error
  }
  return kept
}

/** Whether it is there, and was not put there by another user, who could let us run anything. */
async function isOurs(directory: string): Promise<boolean> {
  try {
    const { uid } = await stat(directory)
    if (uid !== process.getuid?.()) throw new Error(`${directory}: belongs to another user; delete it`)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw error
  }
}

/** The mirror that this machine takes Debian from; none, and so debootstrap's own choice, where it is no Debian. */
async function mirror(): Promise<readonly string[]> {
  const wanted = ['Origin: Debian', 'Codename: bookworm', 'Component: main', 'Created-By: Packages']
  const { stdout } = await execa('apt-get', ['indextargets', '--format', '$(REPO_URI)', ...wanted], { reject: false })
  return (stdout ?? '').split('\n', 1).filter(line => line !== '')
}
