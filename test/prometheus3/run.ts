import { basename, join } from 'node:path'
import { execa } from 'execa'
import { hasTool, toInstall } from '../support/tools.ts'

/** Runs the tests of rules and queries with the Prometheus 3 that go.mod pins, in place of the system's, and pushes metrics to it. */
const tests = ['rules', 'labels', 'queries', 'availability-steps'].map(name => `test/dashboards/${name}.test.ts`)
const built = join(import.meta.dirname, '../../node_modules/.cache/prometheus3')
const [prometheus, promtool] = [join(built, 'prometheus'), join(built, 'promtool')]

if (!hasTool('go')) {
  console.error(toInstall('go'))
  process.exitCode = 2
} else {
  // Rules need no service discovery. Without it, there is a third less to compile and link.
  for (const program of [prometheus, promtool]) {
    const options = ['-mod=readonly', '-buildvcs=false', '-tags=remove_all_sd', '-o', program]
    await execa('go', ['build', ...options, `github.com/prometheus/prometheus/cmd/${basename(program)}`], {
      cwd: import.meta.dirname,
      env: { GOTOOLCHAIN: process.env.GOTOOLCHAIN ?? 'local' },
      stdio: 'inherit'
    })
  }
  await execa(promtool, ['--version'], { stdio: 'inherit' })
  const { exitCode } = await execa('vitest', ['run', ...tests, 'test/prometheus3/otlp.test.ts'], {
    env: { PROMTOOL: promtool, PROMETHEUS3: prometheus },
    stdio: 'inherit',
    reject: false
  })
  process.exitCode = exitCode ?? 1
}
