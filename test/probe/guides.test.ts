import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { execa } from 'execa'
import { expect, onTestFinished, test } from 'vitest'
import { parse } from 'yaml'
import { readConfig } from '../../probe/config/source.ts'
import { testWith } from '../support/test-with.ts'

const page = (name: string) => readFile(join('probe/guides', `${name}.md`), 'utf8')

/** The code blocks of a page with these words behind their fence. */
const blocks = async (name: string, words: string) =>
  [...(await page(name)).matchAll(new RegExp(`^\`\`\`${words}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(
    ([, code = '']) => code
  )

async function write(name: string, text: string): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'probe-readme-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  const file = join(directory, name)
  await writeFile(file, text)
  return file
}

for (const name of ['config.yaml', 'config.json']) {
  test(`the config in the guide is one, in ${extname(name).slice(1)}`, async () => {
    const [code = '', ...more] = await blocks('configure', `${extname(name).slice(1)} config`)
    expect(more).toEqual([])
    const { config } = await readConfig({ file: await write(name, code) })
    const written = parse(code)
    expect(config.targets).toEqual(written.targets)
    expect(config).toMatchObject(name.endsWith('.json') ? { listen: written.listen } : { resolvers: written.resolvers })
  })
}

test('the paths in the guide are those that the probe serves', async () => {
  const described = [...(await page('run')).matchAll(/^\| `(\/\S*)` \|/gm)].map(([, path]) => path)
  expect(described).toEqual([
    '/',
    '/metrics',
    '/api/targets',
    '/api/targets/<environment>/<link>/<cluster>',
    '/healthz',
    '/readyz',
    '/openapi.json'
  ])
})

testWith('promtool')("the scrape config in the guide is one of Prometheus'", async () => {
  const [code = '', ...more] = await blocks('collect-metrics', 'yaml prometheus')
  expect(more).toEqual([])
  const file = await write('prometheus.yml', code)
  const { stdout } = await execa('promtool', ['check', 'config', '--syntax-only', file])
  expect(stdout).toContain('is valid prometheus config file syntax')
})
