import { SubagentError } from '@subagent-mcp/contract'
import { withTerminal } from '../terminal/with-terminal.js'
import type { Terminal } from '../terminal/terminal.js'
import { installedHow, type Installed } from './installed-how.js'
import { releaseSource, type ReleaseSource } from './release-source.js'
import { withRunner, type Runner } from './run-words.js'
import { running } from '../wiring/server-command.js'

/** What the commands about releases work with. */
export type ReleaseDesk = { terminal: Terminal; installed: Installed; run: Runner }

/** Runs such a command and ends the process as it says. */
export function withReleases(command: (desk: ReleaseDesk) => Promise<number>): Promise<never> {
  return withTerminal((terminal) =>
    withRunner(terminal.environment, (run) => {
      const { script } = running
      const installed = installedHow({ called: process.argv[1] ?? script, real: script })
      return command({ terminal, installed, run })
    }),
  )
}

/** Where releases come from. @throws SubagentError where we must not change what is installed */
export function sourceOf(installed: Installed): ReleaseSource {
  const source = releaseSource(installed)
  if (source !== undefined) return source
  const folder = installed.type === 'other' ? installed.folder : ''
  throw new SubagentError('not-supported', `${folder} is no global installation, and is left alone`, {
    hint: 'change it with what put it there; then: subagent-mcp update --after <the release before>',
  })
}
