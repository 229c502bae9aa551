import { omitUndefined } from '@subagent-mcp/contract'
import type { JsonValue } from './edit/value.js'
import { fileChange, relaxedJsonRules } from './hosts/file-change.js'
import type { FileChange } from './hosts/host.js'

/** The change of our own `config.jsonc` with the user's answer to whether idle sessions of Codex are woken. */
export function createCodexWakeChange({ path, isOn }: { path: string; isOn: boolean }): FileChange {
  const what = isOn ? 'idle sessions of Codex are woken' : 'idle sessions of Codex are not woken'
  return ownChange(path, what, { path: ['wake', 'codex'], value: isOn })
}

type TestCommandsAnswer = { path: string; folder: string; commands: readonly string[] }

/**
 * The change of our own `config.jsonc` with the commands that agents in a folder may run without asking, in place of those
 * that it lists for the folder. The folder is absolute or below `~/`; the commands are patterns of `Bash` rules.
 */
export function createTestCommandsChange({ path, folder, commands }: TestCommandsAnswer): FileChange {
  const what =
    commands.length === 0
      ? `agents in ${folder} ask before they run its tests`
      : `agents in ${folder} run without asking: ${commands.join(', ')}`
  return ownChange(path, what, { path: ['permissions', 'testCommands', folder], value: [...commands] })
}

/** The set-up of new worktrees of a checkout; `false` for none. */
type SetUpAnswer = {
  path: string
  folder: string
  setUp: { include?: readonly string[]; run?: string; approved?: string } | false
}

/**
 * The change of our own `config.jsonc` with the set-up of new worktrees of a checkout. The folder is absolute or below
 * `~/`.
 */
export function createWorktreeSetUpChange({ path, folder, setUp }: SetUpAnswer): FileChange {
  const what = setUp ? `worktrees of ${folder} are set up` : `worktrees of ${folder} are not set up`
  const value = setUp && omitUndefined({ ...setUp, include: setUp.include && [...setUp.include] })
  return ownChange(path, what, { path: ['worktree', 'setUp', folder], value })
}

function ownChange(
  path: string,
  what: string,
  edit: { path: readonly string[]; value: JsonValue },
): FileChange {
  const format = { ...relaxedJsonRules, bom: true }
  return fileChange({ host: 'own', what, path, format, edits: [{ type: 'set', ...edit }] })
}
