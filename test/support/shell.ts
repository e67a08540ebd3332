import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'

/** A shell in an empty directory whose commands only report how they were called. */
export interface WitnessedShell extends AsyncDisposable {
  /** The working directory. */
  readonly directory: string
  /** Runs a command line. Gives the words of each call that the witnesses saw, without the program's name. */
  readonly run: (command: string) => Promise<readonly (readonly string[])[]>
}

/** Starts a POSIX shell in which these programs are witnesses; `touch` is the system's. */
export async function shellWithWitnesses(...programs: readonly string[]): Promise<WitnessedShell> {
  const root = await mkdtemp(join(tmpdir(), 'shell-'))
  const [bin, directory, log] = [join(root, 'bin'), join(root, 'work'), join(root, 'log')]
  await Promise.all([mkdir(bin), mkdir(directory)])
  for (const program of programs) {
    const file = join(bin, program)
    await writeFile(file, `#!/bin/sh\n{ printf '%s\\0' "$@"; printf '\\n\\0'; } >>"$WITNESSED"\n`)
    await chmod(file, 0o755)
  }
  await writeFile(join(bin, 'touch'), '#!/bin/sh\nexec /usr/bin/touch "$@"\n', { mode: 0o755 })
  return {
    directory,
    run: async command => {
      await writeFile(log, '')
      await execa('/bin/sh', ['-c', command], {
        cwd: directory,
        env: { PATH: bin, WITNESSED: log },
        extendEnv: false,
        reject: false
      })
      const calls = (await readFile(log, 'utf8')).split('\n\0').slice(0, -1)
      return calls.map(call => call.split('\0').slice(0, -1))
    },
    [Symbol.asyncDispose]: () => rm(root, { recursive: true })
  }
}
