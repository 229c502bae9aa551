import { execa } from 'execa'
import path from 'node:path'
import type { Environment } from '../environment/environment.js'
import { splitPathVariable } from '../executable/executable-candidates.js'
import { hasProcessGroups } from '../processes/process-group.js'

/**
 * Starts a process with three pipes, as leader of its own group. A process that could not be started has no pid; awaiting
 * it returns the error. Uses execa because Node's `spawn` cannot start a `.cmd` file on Windows.
 */
export function spawnProcess(options: {
  command: string
  args: readonly string[]
  cwd: string
  environment: Readonly<Record<string, string>>
}) {
  return execa(options.command, options.args, {
    cwd: options.cwd,
    env: addCliFolderToPath(options.command, options.environment),
    extendEnv: false,
    detached: hasProcessGroups,
    stdin: 'pipe',
    stdout: 'pipe',
    stderr: 'pipe',
    // The caller reads the streams as bytes, and stops the process itself.
    encoding: 'buffer',
    buffer: false,
    reject: false,
    cleanup: false,
  })
}

/** Node's ChildProcess with three streams, and a promise that never rejects. */
export type SpawnedProcess = ReturnType<typeof spawnProcess>

/**
 * The environment of a program that was found outside of PATH, with its folder and that of our Node at the end of PATH. A
 * program that a desktop starts has a short PATH (`/usr/bin:/bin`), and the CLIs that npm installs are scripts which look for
 * `node` there. A program whose folder is in PATH, or that has no PATH, gets its environment unchanged.
 */
export function addCliFolderToPath<Variables extends Environment>(
  command: string,
  environment: Variables,
  platform: NodeJS.Platform = process.platform,
): Variables | (Variables & Record<string, string>) {
  const { dirname, delimiter, isAbsolute } = platform === 'win32' ? path.win32 : path.posix
  const named = splitPathVariable(environment, platform)
  const own = dirname(command)
  const name = Object.keys(environment).find((key) => key.toUpperCase() === 'PATH')
  if (name === undefined || !isAbsolute(command) || named.includes(own)) return environment
  const missing = [own, dirname(process.execPath)].filter((folder) => !named.includes(folder))
  const folders = [environment[name] ?? '', ...new Set(missing)].filter((part) => part !== '')
  return { ...environment, [name]: folders.join(delimiter) }
}
