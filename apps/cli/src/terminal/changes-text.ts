import type { AgentSummary, ChangedFile } from '@subagent-mcp/api'
import type { DaemonClient } from '@subagent-mcp/client'
import { SubagentError } from '@subagent-mcp/contract'
import { revealInvisibleCharacters } from '@subagent-mcp/mcp-server'
import { formatCountWithNoun } from './format.js'
import type { TextOutput } from './terminal.js'
import { escapeForTerminal } from './text.js'

/** Counts changed files and lines: `2 files changed (+10 -2)`. */
export function formatChangeCount(files: readonly ChangedFile[]): string {
  const sum = (key: 'added' | 'removed'): number => files.reduce((total, file) => total + (file[key] ?? 0), 0)
  return `${formatCountWithNoun(files.length, 'file')} changed (+${sum('added')} -${sum('removed')})`
}

/** Describes each changed file in a line: `modified  src/cart.ts  +3 -1`. */
export function formatChangedFileLines(files: readonly ChangedFile[]): string[] {
  return files.map(({ path, from, status, added, removed }) => {
    const name = revealInvisibleCharacters(from === undefined ? path : `${from} -> ${path}`, Infinity)
    return `${status.padEnd(8)}  ${name}  ${added === undefined ? 'binary' : `+${added} -${removed ?? 0}`}`
  })
}

/** A diff for a terminal: removed lines in red, added ones in green. */
export function colourDiff(patch: string, { paint }: Pick<TextOutput, 'paint'>): string {
  return escapeForTerminal(patch)
    .trimEnd()
    .split('\n')
    .map((line) => {
      if (/^(diff |index |--- |\+\+\+ )/.test(line)) return paint('bold', line)
      if (line.startsWith('+')) return paint('green', line)
      return line.startsWith('-') ? paint('red', line) : line
    })
    .join('\n')
}

/**
 * Returns a line on what an agent has changed in its worktree, and how to take it; `undefined` for an agent without a worktree, or
 * if its changes cannot be read.
 */
export async function describeWorktreeChanges(
  { id, source }: Pick<AgentSummary, 'id' | 'source'>,
  client: Pick<DaemonClient, 'changes'>,
): Promise<string | undefined> {
  if (source === undefined) return undefined
  try {
    const { files } = await client.changes(id)
    if (files.length === 0) return `${id} has changed nothing that is not applied`
    return `${formatChangeCount(files)} in its worktree: subagent-mcp changes ${id}; with --apply they are taken`
  } catch (error) {
    if (error instanceof SubagentError) return `the changes of ${id} cannot be read: ${error.message}`
    throw error
  }
}
