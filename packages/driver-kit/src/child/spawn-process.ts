import { execa } from 'execa'
import { hasProcessGroups } from '../processes/process-group.js'

/**
 * Starts a process with three pipes, leader of its own group. Never throws: a process that could not be started
 * has no pid, and awaiting it gives the reason. execa is here for the one thing node's `spawn` cannot do: start a
 * `.cmd` shim on Windows.
 */
export function spawnProcess(options: {
  command: string
  args: readonly string[]
  cwd: string
  environment: Readonly<Record<string, string>>
}) {
  return execa(options.command, options.args, {
    cwd: options.cwd,
    env: options.environment,
    extendEnv: false,
    detached: hasProcessGroups,
    stdin: 'pipe',
    stdout: 'pipe',
    stderr: 'pipe',
    // Streams are read by us, as bytes; the end of the process is watched and brought about by us.
    encoding: 'buffer',
    buffer: false,
    reject: false,
    cleanup: false,
  })
}

/** What `spawnProcess` returns: node's ChildProcess with three streams, and a promise that never rejects. */
export type SpawnedProcess = ReturnType<typeof spawnProcess>
