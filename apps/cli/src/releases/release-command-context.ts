import { SubagentError } from '@subagent-mcp/contract'
import {
  readLockHolderPid,
  createFolderWithParents,
  releaseLockFile,
  takeLockFile,
} from '@subagent-mcp/driver-kit'
import {
  findProgramInstallation,
  createReleaseSource,
  withCommandRunner,
  type CommandRunner,
  type Installation,
  type ReleaseSource,
} from '@subagent-mcp/installer'
import { join } from 'node:path'
import { getStateFolderPath } from '../settings/state-folder.js'
import type { Terminal } from '../terminal/terminal.js'
import { runOnTerminal } from '../terminal/open-terminal.js'
import { runningProgram } from './server-command.js'

/** The context of `update` and `rollback`: the terminal, how subagent-mcp was installed, the source of its releases, and a command runner. */
export type ReleaseCommandContext = {
  terminal: Terminal
  installed: Installation['type']
  source: ReleaseSource
  run: CommandRunner
}

/** Runs `update` or `rollback`, and ends the process with the exit code that it returns. */
export function runReleaseCommand(
  command: (context: ReleaseCommandContext) => Promise<number>,
): Promise<never> {
  return runOnTerminal((terminal) =>
    withCommandRunner(terminal.environment, (run) => {
      const { script, version } = runningProgram
      const installation = findProgramInstallation({ called: process.argv[1] ?? script, real: script })
      const source = createReleaseSource(installation, version)
      return command({ terminal, installed: installation.type, source, run })
    }),
  )
}

/**
 * Replaces the installed release under a lock in the state folder. Ctrl-C does not interrupt it, because an unfinished change
 * leaves no usable release; it prints `mending`, the command for a change that is killed nevertheless.
 * @throws SubagentError when another process holds the lock
 */
export async function withReleaseLock<Result>(
  { environment, stderr, onInterrupt, onUnread }: Terminal,
  mending: string,
  change: () => Promise<Result>,
): Promise<Result> {
  const folder = join(getStateFolderPath(environment), 'installer')
  const lock = join(folder, 'update.lock')
  createFolderWithParents(folder)
  if (!takeLockFile(lock, longestMs)) throw isTaken(lock)
  const ends = [
    onInterrupt(
      () => void stderr.print(`a release is never changed by half; if it is cut off: ${mending}\n`),
    ),
    onUnread(() => undefined),
  ]
  try {
    return await change()
  } finally {
    for (const end of ends) end()
    releaseLockFile(lock)
  }
}

/** The age from which the lock on releases is stale. A package manager may take a quarter of an hour, and as long to reinstall the old one. */
const longestMs = 3_600_000

function isTaken(lock: string): SubagentError {
  const message = `another update runs, pid ${readLockHolderPid(lock) ?? 'unknown'}`
  return new SubagentError('at-capacity', message, { hint: 'run it again when the other command has ended' })
}
