import { isOurPartLeft, type InstalledPlugin, type RecordedFileUndo } from '@subagent-mcp/installer'
import { getStateFolderPath } from '../../settings/state-folder.js'
import { formatCountWithNoun, formatShortPath } from '../../terminal/format.js'
import type { Terminal } from '../../terminal/terminal.js'
import { escapeForTerminal } from '../../terminal/text.js'

/** The deletion of the program's state: planned, done, or refused. Files that the user wrote there are kept. */
export type PurgeOutcome =
  | { type: 'purged'; folder: string; kept: readonly string[] }
  | { type: 'to-purge'; folder: string }
  | { type: 'not-purged'; why: string }

/** Returns the question that a person must agree to; `undefined` if there is nothing to undo. */
export function formatUninstallQuestion(
  { purge }: { purge: boolean },
  planned: readonly RecordedFileUndo[],
  { environment, home }: Pick<Terminal, 'environment' | 'home'>,
): string | undefined {
  const number = planned.filter(({ type }) => type !== 'nothing-to-undo').length
  const parts = [
    ...(number > 0 ? [`undo the changes in ${formatCountWithNoun(number, 'file')}`] : []),
    ...(purge ? [`delete the state in ${formatShortPath(getStateFolderPath(environment), home)}`] : []),
  ]
  return parts.length > 0 ? `${parts.join(', and ')}?` : undefined
}

/** Describes files whose changes were undone, or would be, one line each. */
export function describeUndoneFiles(
  files: readonly RecordedFileUndo[],
  { home, stdout: { paint } }: Terminal,
): string {
  const lines = files.map((file) => {
    const line = `${formatShortPath(file.path, home)}: ${undoneWords(file)}`
    return isOurPartLeft(file) ? paint('red', line) : line
  })
  if (files.length === 0) lines.push('no file has entries of subagent-mcp')
  return lines.map((line) => `${line}\n`).join('')
}

/** Describes plugins that stay, because their host installed them, one line each with the command that removes them. */
export function describeRemainingPlugins(plugins: readonly InstalledPlugin[]): string {
  return plugins
    .map(({ label, removal }) => `${label} keeps our plugin; remove it with: ${removal}\n`)
    .join('')
}

function undoneWords(file: RecordedFileUndo): string {
  switch (file.type) {
    case 'restored':
      return 'as it was before'
    case 'taken-out':
      return 'without entries of subagent-mcp; later changes by others stay'
    case 'nothing-to-undo':
      return 'has no entries of subagent-mcp'
    case 'unrecorded':
      return 'without entries that name subagent-mcp; there is no record of the file'
    case 'changed-meanwhile':
      return 'was changed meanwhile: run this command again'
    case 'refused':
      return `the entries of subagent-mcp could not be removed: ${escapeForTerminal(file.why)}`
  }
}

export function describePurgeOutcome(purge: PurgeOutcome, { home }: Pick<Terminal, 'home'>): string {
  if (purge.type === 'not-purged') return `the state is kept: ${escapeForTerminal(purge.why)}\n`
  const folder = formatShortPath(purge.folder, home)
  if (purge.type === 'to-purge')
    return `${folder}: without agents, answers, backups, records and logs; your own files stay\n`
  const { kept } = purge
  return `${folder}: ${kept.length === 0 ? 'deleted' : `deleted, except your own files: ${kept.join(', ')}`}\n`
}

/** The worktrees of agents in a folder: how many there are, and how many have changes that nobody has taken. */
export type RemainingWorktrees = { folder: string; number: number; changed: number }

export function describeRemainingWorktrees(
  worktrees: RemainingWorktrees | undefined,
  { home }: Pick<Terminal, 'home'>,
): string {
  if (!worktrees) return ''
  const { folder, number, changed } = worktrees
  return `${formatShortPath(folder, home)} stays: ${formatCountWithNoun(number, 'worktree')} of agents, ${changed} with changes that you have not taken\n`
}
