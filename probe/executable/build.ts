import { execFileSync } from 'node:child_process'
import { chmodSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { inject } from 'postject'

/**
 * Builds doctor as one file that needs no Node: `npm run executable`. It is the Node that runs this, for the same system and processor,
 * with the bundle in it (https://nodejs.org/docs/latest-v24.x/api/single-executable-applications.html).
 */
const folder = join(import.meta.dirname, '../../dist/executable')
const at = (name: string) => join(folder, name)
const { platform, arch, execPath } = process
const executable = at(`zilliz-privatelink-doctor-${platform}-${arch}${platform === 'win32' ? '.exe' : ''}`)

mkdirSync(folder, { recursive: true })
await build({
  entryPoints: [join(import.meta.dirname, 'doctor.ts')],
  outfile: at('doctor.cjs'),
  bundle: true,
  minify: true,
  // The entry of an executable is CommonJS in Node 24.
  format: 'cjs',
  platform: 'node',
  target: 'node24',
  // The other form of jsonc-parser requires files that no bundle has.
  mainFields: ['module', 'main'],
  // In an executable, these are its own path and folder.
  define: { 'import.meta.dirname': '__dirname', 'import.meta.filename': '__filename' },
  logLevel: 'warning'
})
writeFileSync(
  at('sea.json'),
  JSON.stringify({
    main: at('doctor.cjs'),
    output: at('doctor.blob'),
    disableExperimentalSEAWarning: true,
    useCodeCache: true
  })
)
execFileSync(execPath, ['--experimental-sea-config', at('sea.json')], { stdio: ['ignore', 'ignore', 'inherit'] })
copyFileSync(execPath, executable)
chmodSync(executable, 0o755)
// The mark by which Node finds out that something was put into it.
await inject(executable, 'NODE_SEA_BLOB', readFileSync(at('doctor.blob')), {
  sentinelFuse: 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2',
  ...(platform === 'darwin' ? { machoSegmentName: 'NODE_SEA' } : {})
})
console.log(executable)
