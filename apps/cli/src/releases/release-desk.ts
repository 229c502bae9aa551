import { SubagentError } from '@subagent-mcp/contract'
import { lockHolder, makeFolder, releaseLock, takeLock } from '@subagent-mcp/driver-kit'
import { join } from 'node:path'
import { homeFolder } from '../settings/home-folder.js'
import type { Terminal } from '../terminal/terminal.js'
import { withTerminal } from '../terminal/open-terminal.js'
import { running } from './server-command.js'
import { installedHow, type Installed } from './installed-how.js'
import { releaseSource } from './release-source.js'
import { withRunner, type Runner } from './run-words.js'
import type { ReleaseSource } from './source.js'

/** What the commands about releases work with. */
export type ReleaseDesk = {
  terminal: Terminal
  installed: Installed['type']
  source: ReleaseSource
  run: Runner
}

/** Runs such a command and ends the process as it says. */
export function withReleases(command: (desk: ReleaseDesk) => Promise<number>): Promise<never> {
  return withTerminal((terminal) =>
    withRunner(terminal.environment, (run) => {
      const { script } = running
      const installed = installedHow({ called: process.argv[1] ?? script, real: script })
      return command({ terminal, installed: installed.type, source: releaseSource(installed), run })
    }),
  )
}

/**
 * Changes the release, with what was written for it: one process at a time, and to its end, since half of it is no
 * release. At Ctrl-C the person is told how it is put right should it be cut off all the same.
 * @throws SubagentError when another one is at it
 */
export async function changing<Result>(
  { environment, stderr, onInterrupt, onUnread }: Terminal,
  mending: string,
  change: () => Promise<Result>,
): Promise<Result> {
  const folder = join(homeFolder(environment), 'installer')
  const lock = join(folder, 'update.lock')
  makeFolder(folder)
  if (!takeLock(lock, longestMs)) throw isTaken(lock)
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
    releaseLock(lock)
  }
}

/** A manager of packages may take a quarter of an hour, and again to come back. */
const longestMs = 3_600_000

function isTaken(lock: string): SubagentError {
  const message = `another update runs, pid ${lockHolder(lock) ?? 'unknown'}`
  return new SubagentError('at-capacity', message, { hint: 'run it again when that is done' })
}
