import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { runServer } from 'verdaccio'

/** A registry on this machine that has the package. All other packages come from the registry that npm is set to. */
export interface Registry extends AsyncDisposable {
  readonly url: string
  /** What npm needs in the environment to use it, with a cache of its own. */
  readonly env: Readonly<Record<string, string>>
}

/**
 * Asks the registry that npm is set to for a small package.
 *
 * @returns its address, or nothing if it does not answer
 */
export async function uplinkOfNpm(): Promise<string | undefined> {
  const { stdout } = await execa('npm', ['config', 'get', 'registry'])
  const url = stdout.trim()
  const { ok } = await fetch(new URL('leven', url), { signal: AbortSignal.timeout(5_000) }).catch(() => ({ ok: false }))
  return ok ? url : undefined
}

/** Starts the registry and publishes a tarball to it, as the release does. */
export async function startRegistry(uplink: string, tarball: string): Promise<Registry> {
  const folder = await mkdtemp(join(tmpdir(), 'zilliz-registry-'))
  const config = {
    storage: join(folder, 'storage'),
    configPath: join(folder, 'config.yaml'),
    uplinks: { npm: { url: uplink } },
    packages: {
      'zilliz-privatelink': { access: ['$all'], publish: ['$all'] },
      '**': { access: ['$all'], proxy: ['npm'] }
    },
    web: { enable: false },
    log: { type: 'stdout', format: 'json', level: 'fatal' }
  }
  await mkdir(config.storage)
  const server = await runServer(config)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const url = `http://127.0.0.1:${port}/`
  const userConfig = join(folder, 'npmrc')
  // npm publishes nothing without a token. This registry asks for none.
  await writeFile(userConfig, `registry=${url}\n//127.0.0.1:${port}/:_authToken=none\n`)
  const env = {
    npm_config_userconfig: userConfig,
    npm_config_registry: url,
    npm_config_cache: join(folder, 'cache'),
    npm_config_update_notifier: 'false',
    npm_config_audit: 'false',
    npm_config_fund: 'false'
  }
  const registry = {
    url,
    env,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise(closed => server.close(closed))
      await rm(folder, { recursive: true, force: true, maxRetries: 3 })
    }
  }
  try {
    await execa('npm', ['publish', tarball], { cwd: folder, env })
    return registry
  } catch (error) {
    await registry[Symbol.asyncDispose]()
    throw error
  }
}
