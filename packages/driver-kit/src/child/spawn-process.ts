import { execa } from 'execa'
import { addCliFolderToPath } from '../executable/child-path.js'
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
