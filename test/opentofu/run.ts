import { access, chmod, cp, mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { z } from 'zod'
import { toInstall } from '../support/tools.ts'

/**
 * Repeats the tests of links and constructs with OpenTofu in place of Terraform. It is built from the proxy of Go modules, once in the
 * cache of this user, which takes minutes, and so is not in the tests.
 */
const version = 'v1.10.10'
const module = 'github.com/opentofu/opentofu'
const rooms = ['aws-link', 'gcp-link', 'constructs', 'links', 'destroy', 'zones', 'environment']

const Downloaded = z.object({ Dir: z.string() })

const folder = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), `zilliz-privatelink/opentofu-${version}`)
const tofu = join(folder, 'tofu')
const isBuilt = await access(tofu).then(
  () => true,
  () => false
)
if (!isBuilt) await build()
const { stdout } = await execa(tofu, ['version'], { env: { CHECKPOINT_DISABLE: '1' } })
console.log(stdout.split('\n')[0])
const { exitCode } = await execa('vitest', ['run', ...rooms.map(room => `test/modules/${room}`)], {
  env: { TERRAFORM_BINARY_NAME: tofu },
  preferLocal: true,
  stdio: 'inherit',
  reject: false
})
process.exitCode = exitCode ?? 1

/** `go install` refuses a module that replaces others, so its sources are built where they are the main module. */
async function build(): Promise<void> {
  const { failed } = await execa('go', ['version'], { reject: false })
  if (failed) throw new Error(toInstall('go'))
  const work = await mkdtemp(join(tmpdir(), 'opentofu-'))
  try {
    console.log(`building ${module} ${version}`)
    const { stdout } = await execa('go', ['mod', 'download', '-json', `${module}@${version}`], { cwd: work })
    const sources = join(work, 'sources')
    await cp(Downloaded.parse(JSON.parse(stdout)).Dir, sources, { recursive: true })
    // The cache of Go can only be read, and the copy with it.
    await execa('chmod', ['-R', 'u+w', sources])
    await execa('go', ['build', '-o', join(work, 'tofu'), './cmd/tofu'], { cwd: sources, stdio: 'inherit' })
    await mkdir(folder, { recursive: true })
    await cp(join(work, 'tofu'), `${tofu}.new`)
    await chmod(`${tofu}.new`, 0o755)
    await rename(`${tofu}.new`, tofu)
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}
