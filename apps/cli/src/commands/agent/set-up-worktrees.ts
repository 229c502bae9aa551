import { SubagentError } from '@subagent-mcp/contract'
import { findProjectRoot } from '@subagent-mcp/driver-kit'
import { setup, createWorktreeSetUpChange } from '@subagent-mcp/installer'
import { proposeWorktreeSetUp, worktreeSetUpFile, describeWorktreeSetUp } from '@subagent-mcp/worktree'
import { resolve } from 'node:path'
import { exitCode } from '../../exit.js'
import { getConfigPath } from '../../settings/config.js'
import { createInstallerOptions } from '../../settings/installer-options.js'
import { getServerCommandForScope } from '../../releases/server-command.js'
import { formatShortPath } from '../../terminal/format.js'
import { askYesNo } from '../../terminal/input.js'
import { refuseSubAgents } from '../../terminal/person.js'
import { printRemarks, printResult } from '../../terminal/print.js'
import { escapeForTerminal } from '../../terminal/text.js'
import type { Terminal } from '../../terminal/terminal.js'

/** Asks whether new worktrees of a project get its installed packages, and writes a yes to the user's configuration. */
export async function askToSetUpWorktrees(
  { cwd = '.', yes, json }: { cwd?: string; yes: boolean; json: boolean },
  terminal: Terminal,
): Promise<number> {
  refuseSubAgents(
    terminal,
    'a sub-agent cannot set up worktrees',
    'the user can run: subagent-mcp worktrees --set-up',
  )
  const { environment, home } = terminal
  const root = findProjectRoot(resolve(terminal.cwd, cwd))
  const proposed = proposeWorktreeSetUp(root)
  if (!proposed) {
    const known = 'package-lock.json, pnpm-lock.yaml, yarn.lock or uv.lock'
    await printRemarks(terminal, [
      `${formatShortPath(root, home)} has no ${known}: its worktrees need no packages`,
    ])
    return exitCode.done
  }
  const words = `each new worktree of ${formatShortPath(root, home)} ${escapeForTerminal(describeWorktreeSetUp(proposed.setUp))}`
  const by = proposed.file === worktreeSetUpFile ? `${worktreeSetUpFile} proposes: ` : ''
  const hint = 'with --yes it does not ask'
  if (!yes && !(await askYesNo(terminal, `${by}${words}?`, hint, 'nothing was written')))
    return exitCode.failed
  const path = getConfigPath(environment)
  const change = createWorktreeSetUpChange({ path, folder: root, setUp: proposed.setUp })
  const options = {
    ...createInstallerOptions(terminal),
    server: getServerCommandForScope('user'),
    hosts: [],
    settings: [change],
  }
  const { isComplete } = await setup(options).apply()
  if (!isComplete)
    throw new SubagentError('config-unreadable', `${path} could not be changed`, {
      hint: `add this to the file: ${change.snippet.replace(/\s+/g, ' ')}`,
    })
  await printResult(terminal, json, {
    text: `${words} (worktree.setUp in ${formatShortPath(path, home)})`,
    data: { root, ...proposed },
  })
  return exitCode.done
}
